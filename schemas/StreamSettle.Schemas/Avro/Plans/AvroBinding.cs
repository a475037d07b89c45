namespace StreamSettle.Schemas.Avro.Plans;

/// <summary>
/// Which places of a value are wanted, each with the slot under which a sink takes it. A place is the names of fields with dots between, <c>after.amount</c>;
/// <c>[]</c> stands for the items of an array or the values of a map. Unions are not seen: what is in them is bound.
/// </summary>
/// <example><code>new AvroBinding().Bind("op", 0).Bind("after", 1).Bind("after.order_id", 2)</code></example>
public sealed class AvroBinding
{
    readonly SlotScope root = SlotScope.Empty();

    /// <param name="slot">0 or more.</param>
    public AvroBinding Bind(string place, int slot)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(slot);
        var scope = root;
        foreach (var name in place.Split('.'))
        {
            scope = scope.Child(name);
        }

        scope.Slot = slot;
        return this;
    }

    internal SlotScope Root => root;
}
