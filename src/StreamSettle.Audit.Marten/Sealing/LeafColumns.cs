using System.Globalization;
using StreamSettle.Audit.Marten.Schema;

namespace StreamSettle.Audit.Marten.Sealing;

/// <summary>What of an event's row a leaf is made of: these columns in this order, whatever order the table has them in. Another list would make every leaf another.</summary>
internal static class LeafColumns
{
    /// <summary><c>jsonb</c> as its text, which the server makes from a normal form.</summary>
    public const string Sealed = "seq_id, id, stream_id, version, data::text, bdata, type, timestamp, tenant_id, mt_dotnet_type, is_archived";

    /// <summary>Columns of <see cref="Sealed"/>.</summary>
    public const short Count = 11;

    public static readonly string[] Names = ["seq_id", "id", "stream_id", "version", "data", "bdata", "type", "timestamp", "tenant_id", "mt_dotnet_type", "is_archived"];

    /// <summary>The events with numbers above <paramref name="after"/> up to <paramref name="last"/>, in their order, as binary COPY: behind the count of columns a tuple is byte for byte an entry of the tree.</summary>
    /// <param name="most">How many at most; null for all.</param>
    public static string Copy(Tables tables, long after, long last, int? most = null) => string.Create(
        CultureInfo.InvariantCulture,
        $"copy (select {Sealed} from {tables.Events} where seq_id > {after} and seq_id <= {last} order by seq_id{(most is { } limit ? $" limit {limit}" : "")}) to stdout (format binary)");
}
