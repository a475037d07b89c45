using System.Globalization;

namespace StreamSettle.App.Reports;

/// <summary>Writes rows as RFC 4180 has them: comma, quotes where they are needed, CR LF.</summary>
sealed class CsvWriter(TextWriter output)
{
    static readonly System.Buffers.SearchValues<char> Quoted = System.Buffers.SearchValues.Create(",\"\r\n");

    /// <param name="cells">Texts and numbers; null for an empty one.</param>
    public void Row(params ReadOnlySpan<object?> cells)
    {
        for (var i = 0; i < cells.Length; i++)
        {
            output.Write(i == 0 ? "" : ",");
            var text = Convert.ToString(cells[i], CultureInfo.InvariantCulture) ?? "";
            output.Write(text.AsSpan().ContainsAny(Quoted) ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text);
        }

        output.Write("\r\n");
    }
}
