using StreamSettle.Connectors.Json;

namespace StreamSettle.Connectors.Debezium.Forms;

/// <summary>
/// Finds a row's columns by name. Records of one table have their columns in one order, so the name that followed last time is tried first:
/// one comparison a column.
/// </summary>
/// <param name="names">The columns that are read; their index is what <c>Find</c> gives. Ordered by the draft that reads them, the key first.</param>
internal sealed class ColumnNames(IReadOnlyList<string> names)
{
    /// <summary>Bounds what a hostile record can make us remember.</summary>
    const int MaxRemembered = 128;
    const int MaxRememberedName = 64;

    /// <summary>Not one of ours.</summary>
    public const int Unknown = -1;

    readonly byte[][] known = [.. names.Select(System.Text.Encoding.UTF8.GetBytes)];
    readonly List<(byte[] Name, int Column)> order = [];
    int next;

    /// <summary>Reads names of members.</summary>
    public MemberName Member { get; } = new();

    public string this[int column] => names[column];

    public int Count => names.Count;

    /// <summary>A new record begins.</summary>
    public void Restart() => next = 0;

    public int Find(ReadOnlySpan<byte> name)
    {
        if (next < order.Count && order[next].Name.AsSpan().SequenceEqual(name))
        {
            return order[next++].Column;
        }

        var column = Search(name);
        if (next < MaxRemembered && name.Length <= MaxRememberedName)
        {
            Remember(name, column);
        }

        return column;
    }

    public int Find(string name) => Search(System.Text.Encoding.UTF8.GetBytes(name));

    int Search(ReadOnlySpan<byte> name)
    {
        for (var i = 0; i < known.Length; i++)
        {
            if (known[i].AsSpan().SequenceEqual(name))
            {
                return i;
            }
        }

        return Unknown;
    }

    void Remember(ReadOnlySpan<byte> name, int column)
    {
        if (next < order.Count)
        {
            order.RemoveRange(next, order.Count - next);
        }

        order.Add((name.ToArray(), column));
        next++;
    }
}
