using System.Text.Json;
using Xunit;

namespace StreamSettle.Audit.Tests.Projections;

/// <summary>Rows as text, so that two sets of them are compared member by member and a difference can be read.</summary>
static class ViewText
{
    static readonly JsonSerializerOptions Lines = new() { WriteIndented = false };

    /// <summary>1.50 and 1.5 are one amount: decimals are compared as numbers are written shortest.</summary>
    public static string Of<T>(IEnumerable<T> rows, Func<T, string> id) =>
        string.Join('\n', rows.OrderBy(id, StringComparer.Ordinal).Select(row => Shortest(JsonSerializer.SerializeToElement(row, Lines))));

    /// <summary>Rows that are in both are left out.</summary>
    public static void AssertSame<T>(IEnumerable<T> expected, IEnumerable<T> actual, Func<T, string> id)
    {
        string[] wanted = Of(expected, id).Split('\n'), found = Of(actual, id).Split('\n');
        Assert.Equal(wanted.Except(found), found.Except(wanted));
        Assert.Equal(wanted.Length, found.Length);
    }

    static string Shortest(JsonElement row) => string.Join(", ", row.EnumerateObject().Select(member =>
        $"{member.Name}={(member.Value.ValueKind == JsonValueKind.Number ? (member.Value.GetDecimal() / 1.000000000000000000000000000m).ToString(System.Globalization.CultureInfo.InvariantCulture) : member.Value.GetRawText())}"));
}
