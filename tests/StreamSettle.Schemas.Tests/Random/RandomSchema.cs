using System.Text;

namespace StreamSettle.Schemas.Tests.Random;

/// <summary>Draws schemas of every type, as text, and readers that differ from them as a developer would have it.</summary>
sealed class RandomSchema(System.Random random)
{
    const int MaxDepth = 4;

    static readonly string[] Primitives = ["null", "boolean", "int", "long", "float", "double", "bytes", "string"];

    readonly List<string> defined = [];
    int names;

    /// <summary>A record of up to eight fields; one of them may lead to the record again.</summary>
    public static string Draw(System.Random random) => new RandomSchema(random).Record(0, isRoot: true);

    string Any(int depth) => random.Next(depth >= MaxDepth ? 6 : 12) switch
    {
        <= 4 => $"\"{Pick(Primitives)}\"",
        5 => defined.Count > 0 ? $"\"{Pick(defined)}\"" : "\"long\"",
        6 => $$"""{"type":"array","items":{{Any(depth + 1)}}}""",
        7 => $$"""{"type":"map","values":{{Any(depth + 1)}}}""",
        8 => Enum(),
        9 => Fixed(),
        10 => Union(depth + 1),
        _ => Record(depth + 1, isRoot: false),
    };

    string Record(int depth, bool isRoot)
    {
        var name = $"R{names++}";
        var fields = new List<string>();
        for (var i = random.Next(isRoot ? 1 : 0, 8); i >= 0; i--)
        {
            fields.Add($$"""{"name":"f{{fields.Count}}","type":{{Any(depth)}}}""");
        }

        if (random.Next(4) == 0)
        {
            fields.Add($$"""{"name":"next","type":["null","{{name}}"],"default":null}""");
        }

        defined.Add(name);
        return $$"""{"type":"record","name":"{{name}}","fields":[{{string.Join(',', fields)}}]}""";
    }

    string Enum()
    {
        var name = $"E{names++}";
        defined.Add(name);
        return $$"""{"type":"enum","name":"{{name}}","symbols":[{{string.Join(',', Enumerable.Range(0, random.Next(1, 5)).Select(i => $"\"S{i}\""))}}]}""";
    }

    string Fixed()
    {
        var name = $"F{names++}";
        defined.Add(name);
        return $$"""{"type":"fixed","name":"{{name}}","size":{{random.Next(1, 20)}}}""";
    }

    string Union(int depth)
    {
        var branches = Primitives.OrderBy(_ => random.Next()).Take(random.Next(1, 4)).Select(type => $"\"{type}\"").ToList();
        if (random.Next(2) == 0)
        {
            branches.Insert(random.Next(branches.Count), random.Next(3) switch { 0 => Enum(), 1 => Fixed(), _ => Record(depth, isRoot: false) });
        }

        return $"[{string.Join(',', branches)}]";
    }

    T Pick<T>(IReadOnlyList<T> from) => from[random.Next(from.Count)];

    /// <summary>The text of a reader: fields dropped, put in another order, added with a default, or widened.</summary>
    public static string Reader(System.Random random, AvroSchema writer)
    {
        var text = new StringBuilder();
        new ReaderText(random, text).Write(writer);
        return text.ToString();
    }

    sealed class ReaderText(System.Random random, StringBuilder text)
    {
        readonly HashSet<string> written = [];

        public void Write(AvroSchema schema)
        {
            switch (schema)
            {
                case NamedSchema named when !written.Add(named.Name.Full): text.Append($"\"{named.Name.Full}\""); break;
                case RecordSchema record: Record(record); break;
                case EnumSchema symbols: text.Append($$"""{"type":"enum","name":"{{symbols.Name}}","symbols":[{{string.Join(',', symbols.Symbols.Select(symbol => $"\"{symbol}\""))}}]}"""); break;
                case FixedSchema raw: text.Append($$"""{"type":"fixed","name":"{{raw.Name}}","size":{{raw.Size}}}"""); break;
                case ArraySchema array: Wrap("""{"type":"array","items":""", array.Items, "}"); break;
                case MapSchema map: Wrap("""{"type":"map","values":""", map.Values, "}"); break;
                case UnionSchema union: Union(union); break;
                default: text.Append($"\"{Widened(schema)}\""); break;
            }
        }

        void Record(RecordSchema record)
        {
            text.Append($$"""{"type":"record","name":"{{record.Name}}","fields":[""");
            var fields = record.Fields.Where(field => random.Next(5) > 0 || LeadsBack(field.Schema, [])).OrderBy(field => random.Next(3) == 0 ? random.Next() : field.Position).ToList();
            var isFirst = true;
            foreach (var field in fields)
            {
                text.Append(isFirst ? "" : ",").Append($$"""{"name":"{{field.Name}}","type":""");
                Write(field.Schema);
                text.Append('}');
                isFirst = false;
            }

            if (random.Next(3) == 0)
            {
                text.Append(isFirst ? "" : ",").Append("""{"name":"added","type":{"type":"array","items":"string"},"default":["x","y"]}""");
            }

            text.Append("]}");
        }

        /// <summary>Apache's reader overflows its stack when it is to pass over a recursive record.</summary>
        static bool LeadsBack(AvroSchema schema, HashSet<AvroSchema> seen) => schema switch
        {
            RecordSchema record => !seen.Add(record) || record.Fields.Any(field => LeadsBack(field.Schema, [.. seen])),
            ArraySchema array => LeadsBack(array.Items, seen),
            MapSchema map => LeadsBack(map.Values, seen),
            UnionSchema union => union.Branches.Any(branch => LeadsBack(branch, [.. seen])),
            _ => false,
        };

        void Union(UnionSchema union)
        {
            text.Append('[');
            for (var i = 0; i < union.Branches.Count; i++)
            {
                text.Append(i == 0 ? "" : ",");
                var branch = union.Branches[i];
                if (branch is PrimitiveSchema)
                {
                    text.Append($"\"{branch.Description}\"");
                }
                else
                {
                    Write(branch);
                }
            }

            text.Append(']');
        }

        void Wrap(string head, AvroSchema part, string tail)
        {
            text.Append(head);
            Write(part);
            text.Append(tail);
        }

        string Widened(AvroSchema schema) => (schema.Type, random.Next(3)) switch
        {
            (AvroType.Int, 0) => "long",
            (AvroType.Int or AvroType.Long or AvroType.Float, 1) => "double",
            _ => schema.Description,
        };
    }
}
