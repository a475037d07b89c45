using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace StreamSettle.Settlement.Rules.Lookup;

/// <summary>Small numbers for the texts that rules name, looked up by a column's bytes without making a string. Bytes are compared as written.</summary>
internal sealed class Utf8Names
{
    readonly Dictionary<byte[], int> numbers = new(new Bytes());
    readonly Dictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>> bySpan;

    public Utf8Names() => bySpan = numbers.GetAlternateLookup<ReadOnlySpan<byte>>();

    /// <summary>The number of a name that a rule has: 1 and up, the same for the same name.</summary>
    public int Intern(string name)
    {
        var bytes = Encoding.UTF8.GetBytes(name);
        if (!numbers.TryGetValue(bytes, out var number))
        {
            number = numbers.Count + 1;
            numbers.Add(bytes, number);
        }

        return number;
    }

    /// <summary>The number of a column's text, 0 where no rule has it.</summary>
    public int Find(ReadOnlySpan<byte> text) => numbers.Count != 0 && bySpan.TryGetValue(text, out var number) ? number : 0;

    sealed class Bytes : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode([DisallowNull] byte[] obj) => GetHashCode(obj.AsSpan());

        // FNV-1a: the texts are a few bytes long, and the table is built from our own rules, not from what strangers send.
        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            var hash = 2166136261;
            foreach (var b in alternate)
            {
                hash = (hash ^ b) * 16777619;
            }

            return (int)hash;
        }
    }
}
