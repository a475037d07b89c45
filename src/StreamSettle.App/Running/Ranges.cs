using System.Globalization;

namespace StreamSettle.App.Running;

/// <summary>Rising numbers as people write them: <c>0-3, 7</c>.</summary>
static class Ranges
{
    public static string Text(IEnumerable<int> rising)
    {
        List<(int First, int Last)> ranges = [];
        foreach (var number in rising)
        {
            if (ranges.Count > 0 && ranges[^1].Last == number - 1)
            {
                ranges[^1] = (ranges[^1].First, number);
            }
            else
            {
                ranges.Add((number, number));
            }
        }

        return string.Join(", ", ranges.Select(range =>
            range.First == range.Last ? range.First.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{range.First}-{range.Last}")));
    }
}
