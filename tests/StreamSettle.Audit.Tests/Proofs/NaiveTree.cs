using System.Security.Cryptography;

namespace StreamSettle.Audit.Tests.Proofs;

/// <summary>RFC 9162's definitions as they are written there, recursive and slow; shares no code with the product.</summary>
static class NaiveTree
{
    public static byte[] Head(byte[][] entries) => entries.Length switch
    {
        0 => SHA256.HashData([]),
        1 => SHA256.HashData([0, .. entries[0]]),
        _ => SHA256.HashData([1, .. Head(entries[..Left(entries.Length)]), .. Head(entries[Left(entries.Length)..])]),
    };

    public static byte[][] Path(int index, byte[][] entries)
    {
        if (entries.Length == 1)
        {
            return [];
        }

        var left = Left(entries.Length);
        return index < left
            ? [.. Path(index, entries[..left]), Head(entries[left..])]
            : [.. Path(index - left, entries[left..]), Head(entries[..left])];
    }

    public static byte[][] Proof(int older, byte[][] entries) => Subproof(older, entries, isWhole: true);

    static byte[][] Subproof(int older, byte[][] entries, bool isWhole)
    {
        if (older == entries.Length)
        {
            return isWhole ? [] : [Head(entries)];
        }

        var left = Left(entries.Length);
        return older <= left
            ? [.. Subproof(older, entries[..left], isWhole), Head(entries[left..])]
            : [.. Subproof(older - left, entries[left..], isWhole: false), Head(entries[..left])];
    }

    static int Left(int size)
    {
        var left = 1;
        while (left * 2 < size)
        {
            left *= 2;
        }

        return left;
    }
}
