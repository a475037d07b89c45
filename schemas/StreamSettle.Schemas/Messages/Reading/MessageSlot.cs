namespace StreamSettle.Schemas.Messages.Reading;

/// <summary>A value of a record, as it came from a plan.</summary>
public struct MessageSlot
{
    /// <summary>Of a number, an instant, a flag or an enum's symbol.</summary>
    internal long Number;

    /// <summary>Where a text begins: in the record or, by <see cref="IsDefault"/>, among defaults.</summary>
    internal int Start;

    internal int Length;

    /// <summary>False for null.</summary>
    internal bool IsThere;

    /// <summary>A default of the reader's, which is not in the record.</summary>
    internal bool IsDefault;
}
