using System.Globalization;

namespace StreamSettle.Audit.Notaries;

/// <summary>Up to which notarisation each notary has testified to all that it was asked for.</summary>
public sealed record NotarisedPlaces
{
    const string NoneText = "none";

    readonly string text;

    NotarisedPlaces(IEnumerable<(string Notary, long Number)> places)
    {
        All = [.. places.OrderBy(one => one.Notary, StringComparer.Ordinal)];
        text = All.Count == 0 ? NoneText : string.Join(',', All.Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Notary}={one.Number}")));
    }

    public static NotarisedPlaces None { get; } = new([]);

    /// <summary>By the notaries' names.</summary>
    public IReadOnlyList<(string Notary, long Number)> All { get; }

    public static NotarisedPlaces Of(IEnumerable<(string Notary, long Number)> places) => new(places);

    /// <summary>Reads what <see cref="ToString"/> writes, to the letter; null for anything else.</summary>
    public static NotarisedPlaces? Read(string text)
    {
        List<(string, long)> places = [];
        foreach (var one in text == NoneText ? [] : text.Split(','))
        {
            if (one.Split('=') is not [{ Length: > 0 } notary, var number] || !long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
            {
                return null;
            }

            places.Add((notary, value));
        }

        return new NotarisedPlaces(places) is var read && read.text == text ? read : null;
    }

    public bool Equals(NotarisedPlaces? other) => text == other?.text;

    public override int GetHashCode() => All.Count;

    /// <summary><c>ethereum=15,rfc3161=17</c>, or <c>none</c>.</summary>
    public override string ToString() => text;
}
