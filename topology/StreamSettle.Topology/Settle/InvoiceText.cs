using System.Text.Json;

namespace StreamSettle.Topology.Settle;

/// <summary>The invoice column's text as bodies take it in.</summary>
static class InvoiceText
{
    /// <summary>What jsonb may nest is bounded by the server's stack only; this is far beyond any invoice.</summary>
    const int MaxDepth = 4_096;

    /// <summary>The text where it is one JSON value, else nothing: a mapped text column may hold anything, and what is not critical must not stop a settlement.</summary>
    public static ReadOnlySpan<byte> JsonOrNothing(ReadOnlySpan<byte> column)
    {
        if (column.IsEmpty)
        {
            // Of most orders; an exception for each of them is felt.
            return column;
        }

        var reader = new Utf8JsonReader(column, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            while (reader.Read())
            {
            }

            return column;
        }
        catch (JsonException)
        {
            return [];
        }
    }
}
