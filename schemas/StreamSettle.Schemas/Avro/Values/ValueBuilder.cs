using System.Text;
using StreamSettle.Schemas.Avro.Reading;

namespace StreamSettle.Schemas.Avro.Values;

/// <summary>Builds a tree of what a plan reads.</summary>
internal sealed class ValueBuilder : IAvroSink
{
    const int NoBranch = -1;

    readonly Stack<Frame> open = new();
    AvroValue? result;
    int branch = NoBranch;

    public AvroValue Result => result ?? throw new InvalidOperationException("nothing was read");

    public void Null(int slot) => Put(slot, AvroValue.Null.Value);

    public void Boolean(int slot, bool value) => Put(slot, new AvroValue.Boolean(value));

    public void Int(int slot, int value) => Put(slot, new AvroValue.Int(value));

    public void Long(int slot, long value) => Put(slot, new AvroValue.Long(value));

    public void Float(int slot, float value) => Put(slot, new AvroValue.Float(value));

    public void Double(int slot, double value) => Put(slot, new AvroValue.Double(value));

    public void Bytes(int slot, ReadOnlySpan<byte> value) => Put(slot, new AvroValue.Bytes(value.ToArray()));

    public void Text(int slot, ReadOnlySpan<byte> value) => Put(slot, new AvroValue.Text(Encoding.UTF8.GetString(value)));

    public void Enum(int slot, int symbol, EnumSchema schema) => Put(slot, new AvroValue.Enum(symbol, schema.Symbols[symbol]));

    public void BeginRecord(int slot, RecordSchema schema) => Begin(new Frame(schema, new AvroValue[schema.Fields.Count], NoBranch));

    public void EndRecord(int slot)
    {
        var frame = open.Pop();
        Put(slot, new AvroValue.Record(frame.Schema!, frame.Fields), frame.Branch);
    }

    public void BeginArray(int slot) => Begin(new Frame(null, [], NoBranch));

    public void EndArray(int slot)
    {
        var frame = open.Pop();
        Put(slot, new AvroValue.Array(frame.Items), frame.Branch);
    }

    public void BeginMap(int slot) => BeginArray(slot);

    public void Key(ReadOnlySpan<byte> key) => open.Peek().Keys.Add(Encoding.UTF8.GetString(key));

    public void EndMap(int slot)
    {
        var frame = open.Pop();
        Put(slot, new AvroValue.Map([.. frame.Keys.Zip(frame.Items, KeyValuePair.Create)]), frame.Branch);
    }

    public void Branch(int slot, int branch) => this.branch = branch;

    void Begin(Frame frame)
    {
        open.Push(frame with { Branch = branch });
        branch = NoBranch;
    }

    void Put(int slot, AvroValue value)
    {
        var of = branch;
        branch = NoBranch;
        Put(slot, value, of);
    }

    void Put(int slot, AvroValue value, int of)
    {
        var whole = of == NoBranch ? value : new AvroValue.Union(of, value);
        if (!open.TryPeek(out var parent))
        {
            result = whole;
        }
        else if (parent.Schema is not null)
        {
            parent.Fields[slot] = whole;
        }
        else
        {
            parent.Items.Add(whole);
        }
    }

    /// <summary>What is being built: a record's fields, or items with the keys of a map.</summary>
    sealed record Frame(RecordSchema? Schema, AvroValue[] Fields, int Branch)
    {
        public List<AvroValue> Items { get; } = [];

        public List<string> Keys { get; } = [];
    }
}
