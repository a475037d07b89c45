using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;

namespace StreamSettle.Schemas.Messages.Reading;

/// <summary>The values of one record by their slots; valid until its reader reads the next one.</summary>
public readonly ref struct MessageValues
{
    readonly ReadOnlySpan<byte> body;
    readonly ReadOnlySpan<byte> defaults;
    readonly ReadOnlySpan<MessageSlot> slots;
    readonly List<long> items;
    readonly MessageReader reader;

    internal MessageValues(ReadOnlySpan<byte> body, ReadOnlySpan<byte> defaults, ReadOnlySpan<MessageSlot> slots, List<long> items, MessageReader reader)
    {
        this.body = body;
        this.defaults = defaults;
        this.slots = slots;
        this.items = items;
        this.reader = reader;
    }

    /// <summary>Items of the list of numbers.</summary>
    public ImmutableArray<long> Items => items.Count == 0 ? [] : ImmutableCollectionsMarshal.AsImmutableArray(items.ToArray());

    /// <summary>False for null.</summary>
    public bool Has(int slot) => slots[slot].IsThere;

    public bool Flag(int slot) => slots[slot].Number != 0;

    public long Long(int slot) => slots[slot].Number;

    public int Int(int slot) => (int)slots[slot].Number;

    public long? OptionalLong(int slot) => slots[slot].IsThere ? slots[slot].Number : null;

    /// <summary>The symbol of an enum that ends in <c>Unknown</c>, by its place.</summary>
    /// <param name="count">Of symbols before that.</param>
    /// <exception cref="Kernel.Failures.EnvironmentFailedException">A later release wrote one that this one does not know: going on by it is no option, nor is leaving it out.</exception>
    public int Symbol(int slot, int count) => slots[slot].Number < count ? (int)slots[slot].Number : throw reader.IsOfLaterRelease(slot);

    /// <summary>Bytes, or a text in UTF-8; empty for null.</summary>
    public ReadOnlySpan<byte> Bytes(int slot) => (slots[slot].IsDefault ? defaults : body).Slice(slots[slot].Start, slots[slot].Length);

    public string Text(int slot) => Encoding.UTF8.GetString(Bytes(slot));

    public string? OptionalText(int slot) => slots[slot].IsThere ? Text(slot) : null;
}
