namespace StreamSettle.Schemas.Tests.Random;

/// <summary>Draws values of a schema.</summary>
sealed class RandomValue(System.Random random)
{
    /// <summary>From here on unions take null, arrays and maps stay empty, so that recursive values end.</summary>
    const int MaxDepth = 6;

    static readonly string[] Texts = ["", "a", "bücher", "日本語", "🚲", new('x', 200)];

    static readonly long[] Edges = [0, 1, -1, 63, -64, 64, -65, 8191, 8192, int.MaxValue, int.MinValue, (1L << 55) - 1, -(1L << 55), 1L << 56, long.MaxValue, long.MinValue];

    public AvroValue Draw(AvroSchema schema, int depth = 0) => schema switch
    {
        RecordSchema record => new AvroValue.Record(record, [.. record.Fields.Select(field => Draw(field.Schema, depth + 1))]),
        ArraySchema array => new AvroValue.Array([.. Several(depth).Select(_ => Draw(array.Items, depth + 1))]),
        MapSchema map => new AvroValue.Map([.. Several(depth).Select(i => KeyValuePair.Create($"k{i}", Draw(map.Values, depth + 1)))]),
        UnionSchema union => Branch(union, depth),
        EnumSchema symbols => Symbol(symbols, random.Next(symbols.Symbols.Count)),
        FixedSchema raw => new AvroValue.Bytes(Bytes(raw.Size)),
        _ => Primitive(schema.Type),
    };

    AvroValue.Union Branch(UnionSchema union, int depth)
    {
        var nothing = union.Branches.ToList().FindIndex(branch => branch.Type == AvroType.Null);
        var chosen = depth >= MaxDepth && nothing >= 0 ? nothing : random.Next(union.Branches.Count);
        return new(chosen, Draw(union.Branches[chosen], depth + 1));
    }

    AvroValue Primitive(AvroType type) => type switch
    {
        AvroType.Null => AvroValue.Null.Value,
        AvroType.Boolean => new AvroValue.Boolean(random.Next(2) == 0),
        AvroType.Int => new AvroValue.Int((int)Number()),
        AvroType.Long => new AvroValue.Long(Number()),
        AvroType.Float => new AvroValue.Float((float)(random.NextDouble() * Number())),
        AvroType.Double => new AvroValue.Double(random.NextDouble() * Number()),
        AvroType.Bytes => new AvroValue.Bytes(Bytes(random.Next(20))),
        _ => new AvroValue.Text(Texts[random.Next(Texts.Length)]),
    };

    static AvroValue.Enum Symbol(EnumSchema schema, int index) => new(index, schema.Symbols[index]);

    long Number() => random.Next(2) == 0 ? Edges[random.Next(Edges.Length)] : random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64);

    byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }

    IEnumerable<int> Several(int depth) => Enumerable.Range(0, depth >= MaxDepth ? 0 : random.Next(4));
}
