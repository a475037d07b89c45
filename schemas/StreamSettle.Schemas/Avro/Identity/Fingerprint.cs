using System.Security.Cryptography;
using System.Text;

namespace StreamSettle.Schemas.Avro.Identity;

/// <summary>Fingerprints of a schema's canonical form, as the specification has them.</summary>
public static class Fingerprint
{
    const ulong Empty = 0xC15D213AA4D7A795;

    static readonly ulong[] Table = [.. Enumerable.Range(0, 256).Select(i => Enumerable.Range(0, 8).Aggregate((ulong)i, (rest, _) => (rest >> 1) ^ (Empty & (0UL - (rest & 1)))))];

    /// <summary>CRC-64-AVRO: what single-object encoding puts before a value, little-endian.</summary>
    public static ulong Crc64(AvroSchema schema)
    {
        var rest = Empty;
        foreach (var part in Encoding.UTF8.GetBytes(CanonicalForm.Of(schema)))
        {
            rest = (rest >> 8) ^ Table[(byte)(rest ^ part)];
        }

        return rest;
    }

    public static byte[] Sha256(AvroSchema schema) => SHA256.HashData(Encoding.UTF8.GetBytes(CanonicalForm.Of(schema)));
}
