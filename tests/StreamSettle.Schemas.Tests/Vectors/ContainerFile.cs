using System.IO.Compression;
using System.Text;

namespace StreamSettle.Schemas.Tests.Vectors;

/// <summary>An object container file: <c>Obj 1</c>, a map of metadata, 16 bytes of sync, then blocks of a count, a length, the values and the sync again.</summary>
sealed class ContainerFile
{
    const int SyncBytes = 16;
    const int ChecksumBytes = 4;

    static readonly AvroPlan Metadata = Plan("""{"type":"map","values":"bytes"}""");

    readonly byte[] file;
    readonly byte[] sync;
    int at = 4;

    public ContainerFile(byte[] file)
    {
        this.file = file;
        Assert.True(file.AsSpan().StartsWith("Obj\u0001"u8), "it is no container file");
        var length = Enumerable.Range(1, file.Length).First(end => IsMap(file.AsSpan(at, end)));
        var entries = ((AvroValue.Map)AvroValueReader.Read(Metadata, file.AsSpan(at, length))).Entries.ToDictionary(entry => entry.Key, entry => ((AvroValue.Bytes)entry.Value).Value.ToArray());
        sync = file[(at + length)..(at + length + SyncBytes)];
        at += length + SyncBytes;
        Schema = AvroSchema.Parse(Encoding.UTF8.GetString(entries["avro.schema"]));
        Codec = entries.TryGetValue("avro.codec", out var codec) ? Encoding.UTF8.GetString(codec) : "null";
    }

    public AvroSchema Schema { get; }

    public string Codec { get; }

    /// <summary>The blocks' contents and how many values each has.</summary>
    public IEnumerable<(int Count, byte[] Values)> Blocks()
    {
        while (at < file.Length)
        {
            var count = Number();
            var length = Number();
            if (length + SyncBytes > file.Length - at || !file.AsSpan(at + length, SyncBytes).SequenceEqual(sync))
            {
                throw new InvalidDataException("the block does not end with the file's sync");
            }

            var content = Unpack(file.AsSpan(at, length));
            at += length + SyncBytes;
            yield return (count, content);
        }
    }

    static AvroPlan Plan(string schema)
    {
        var parsed = AvroSchema.Parse(schema);
        return AvroPlan.Compile(parsed, parsed);
    }

    static bool IsMap(ReadOnlySpan<byte> bytes)
    {
        try
        {
            AvroValueReader.Read(Metadata, bytes);
            return true;
        }
        catch (AvroDataException)
        {
            return false;
        }
    }

    int Number()
    {
        var (value, shift) = (0L, 0);
        for (var more = true; more; shift += 7, at++)
        {
            value |= (long)(file[at] & 0x7F) << shift;
            more = file[at] >= 0x80;
        }

        return (int)(value >> 1);
    }

    byte[] Unpack(ReadOnlySpan<byte> block)
    {
        switch (Codec)
        {
            case "deflate":
                using (var inflated = new MemoryStream())
                {
                    new DeflateStream(new MemoryStream(block.ToArray()), CompressionMode.Decompress).CopyTo(inflated);
                    return inflated.ToArray();
                }

            case "snappy": return Snappy.Unpack(block[..^ChecksumBytes]);
            case "zstandard":
                using (var zstd = new ZstdSharp.Decompressor())
                {
                    return zstd.Unwrap(block).ToArray();
                }

            default: return Codec == "null" ? block.ToArray() : throw new InvalidOperationException($"there is no codec {Codec} here");
        }
    }
}
