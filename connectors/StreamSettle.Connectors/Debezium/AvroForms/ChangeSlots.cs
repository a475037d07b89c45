namespace StreamSettle.Connectors.Debezium.AvroForms;

/// <summary>Under which numbers the places of a change come from a plan.</summary>
internal static class ChangeSlots
{
    public const int After = 0;
    public const int Op = 1;
    public const int OuterMs = 2;
    public const int Lsn = 3;
    public const int Sequence = 4;
    public const int TxId = 5;
    public const int Snapshot = 6;
    public const int SourceUs = 7;
    public const int SourceMs = 8;
    public const int Deleted = 9;
    public const int BeforeKey = 10;
    public const int BeforeWatched = 11;

    /// <summary>From here on four a column, three of which are used: its value, and the two parts of a decimal that has its scale beside it.</summary>
    const int FirstColumn = 12;
    const int PerColumnBits = 2;
    const int PartMask = (1 << PerColumnBits) - 1;

    public static int Value(int column) => FirstColumn + (column << PerColumnBits);

    public static int Scale(int column) => Value(column) + 1;

    public static int Digits(int column) => Value(column) + 2;

    /// <summary>True for a slot of a column; which of it, 0 to 2, goes to <paramref name="part"/>.</summary>
    public static bool IsColumn(int slot, out int column, out int part)
    {
        (column, part) = ((slot - FirstColumn) >> PerColumnBits, (slot - FirstColumn) & PartMask);
        return slot >= FirstColumn;
    }
}
