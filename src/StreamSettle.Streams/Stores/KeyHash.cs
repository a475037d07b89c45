using System.Buffers.Binary;
using System.Numerics;

namespace StreamSettle.Streams.Stores;

/// <summary>A quick hash for tables in memory: the same on every machine and in every run, never stored.</summary>
static class KeyHash
{
    const ulong Factor = 0x9E3779B97F4A7C15;

    public static uint Of(ReadOnlySpan<byte> key)
    {
        var hash = (ulong)key.Length * Factor;
        while (key.Length >= sizeof(ulong))
        {
            hash = Mix(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(key));
            key = key[sizeof(ulong)..];
        }

        if (!key.IsEmpty)
        {
            hash = Mix(hash ^ PrefixOf(key));
        }

        return (uint)(hash >> 32);
    }

    /// <summary>The first eight bytes as a number that sorts as they do.</summary>
    public static ulong PrefixOf(ReadOnlySpan<byte> key)
    {
        if (key.Length >= sizeof(ulong))
        {
            return BinaryPrimitives.ReadUInt64BigEndian(key);
        }

        ulong prefix = 0;
        for (var i = 0; i < key.Length; i++)
        {
            prefix |= (ulong)key[i] << (56 - 8 * i);
        }

        return prefix;
    }

    static ulong Mix(ulong value)
    {
        value *= Factor;
        return BitOperations.RotateLeft(value ^ (value >> 29), 31) * Factor;
    }
}
