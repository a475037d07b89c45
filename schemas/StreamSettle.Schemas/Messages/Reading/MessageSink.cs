using StreamSettle.Kernel.Bytes;
using StreamSettle.Schemas.Avro;
using StreamSettle.Schemas.Avro.Reading;

namespace StreamSettle.Schemas.Messages.Reading;

/// <summary>Takes the values of one record into slots. Items of lists of numbers go behind each other into one list: a message has one at most.</summary>
ref struct MessageSink(ReadOnlySpan<byte> body, Span<MessageSlot> slots, ByteBuffer defaults, List<long> items, int itemSlot) : IAvroSink
{
    readonly ReadOnlySpan<byte> body = body;
    readonly Span<MessageSlot> slots = slots;

    public readonly void Null(int slot)
    {
    }

    public readonly void Boolean(int slot, bool value) => Long(slot, value ? 1 : 0);

    public readonly void Int(int slot, int value) => Long(slot, value);

    public readonly void Long(int slot, long value)
    {
        if (slot == itemSlot)
        {
            items.Add(value);
            return;
        }

        slots[slot] = new() { Number = value, IsThere = true };
    }

    public readonly void Enum(int slot, int symbol, EnumSchema schema) => Long(slot, symbol);

    public readonly void Text(int slot, ReadOnlySpan<byte> value) => Bytes(slot, value);

    public readonly void Bytes(int slot, ReadOnlySpan<byte> value)
    {
        var start = 0;
        if (value.IsEmpty || body.Overlaps(value, out start))
        {
            slots[slot] = new() { Start = start, Length = value.Length, IsThere = true };
            return;
        }

        slots[slot] = new() { Start = defaults.Length, Length = value.Length, IsThere = true, IsDefault = true };
        defaults.Write(value);
    }

    public readonly void BeginRecord(int slot, RecordSchema schema)
    {
        if (slot >= 0)
        {
            slots[slot].IsThere = true;
        }
    }

    public readonly void EndRecord(int slot)
    {
    }

    public readonly void BeginArray(int slot)
    {
    }

    public readonly void EndArray(int slot)
    {
    }

    public readonly void Float(int slot, float value) => throw Unbound(slot);

    public readonly void Double(int slot, double value) => throw Unbound(slot);

    public readonly void BeginMap(int slot) => throw Unbound(slot);

    public readonly void Key(ReadOnlySpan<byte> key) => throw Unbound(0);

    public readonly void EndMap(int slot) => throw Unbound(slot);

    public readonly void Branch(int slot, int branch) => throw Unbound(slot);

    static InvalidOperationException Unbound(int slot) => new($"nothing of that type is bound to slot {slot}");
}
