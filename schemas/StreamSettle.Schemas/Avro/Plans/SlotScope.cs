using StreamSettle.Schemas.Avro.Reading;

namespace StreamSettle.Schemas.Avro.Plans;

/// <summary>What is wanted of a place and below it.</summary>
internal sealed class SlotScope
{
    static readonly Dictionary<string, SlotScope> Nothing = [];

    readonly Dictionary<string, SlotScope>? children;

    SlotScope(int slot, Dictionary<string, SlotScope>? children) => (Slot, this.children) = (slot, children);

    /// <summary><see cref="PlanStep.NoSlot"/> where only something below is wanted.</summary>
    public int Slot { get; set; }

    /// <summary>Everything below is wanted, each field under its position.</summary>
    public bool IsWhole => children is null;

    /// <summary>All of the place and below it.</summary>
    public static SlotScope Whole(int slot) => new(slot, null);

    public static SlotScope Empty() => new(PlanStep.NoSlot, []);

    public SlotScope Child(string name)
    {
        var known = children ?? Nothing;
        if (!known.TryGetValue(name, out var child))
        {
            child = Empty();
            known.Add(name, child);
        }

        return child;
    }

    /// <summary>Null where nothing of the field is wanted.</summary>
    public SlotScope? Of(RecordField field) => IsWhole ? Whole(field.Position) : children!.GetValueOrDefault(field.Name);

    /// <summary>Null where nothing of the items is wanted.</summary>
    public SlotScope? Items => IsWhole ? Whole(0) : children!.GetValueOrDefault(AvroPath.AnyItem);
}
