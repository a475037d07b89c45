using System.Buffers;
using System.Text.Json;

namespace StreamSettle.Settlement.Rules.Loading;

/// <summary>The members of an object in a rule file. A key that is there twice is refused: the reader of the file would see one of them, and the program might take the other.</summary>
internal sealed class JsonMembers
{
    // What would be read as part of the path if a key held it unquoted.
    static readonly SearchValues<char> Quoted = SearchValues.Create(" .'\"[]()/\\\t\r\n");

    readonly JsonPlace place;
    readonly Dictionary<string, JsonPlace> members = [];

    JsonMembers(JsonPlace place) => this.place = place;

    /// <summary>In the order of the file.</summary>
    public IEnumerable<KeyValuePair<string, JsonPlace>> All => members;

    /// <summary>An object with any keys.</summary>
    public static JsonMembers? Open(JsonPlace place)
    {
        if (place.Value.ValueKind != JsonValueKind.Object)
        {
            place.Refuse($"must be an object, but is {place.Shown()}");
            return null;
        }

        var opened = new JsonMembers(place);
        foreach (var property in place.Value.EnumerateObject())
        {
            if (!TryName(property, out var name))
            {
                place.Refuse("has a key with half of a surrogate pair missing");
                continue;
            }

            var member = new JsonPlace(property.Value, PathOf(place, name), place.Report);
            if (!opened.members.TryAdd(name, member))
            {
                member.Refuse("is there twice");
            }
        }

        return opened;
    }

    /// <summary>An object with no keys but <paramref name="known"/>.</summary>
    public static JsonMembers? Open(JsonPlace place, params ReadOnlySpan<string> known)
    {
        var opened = Open(place);
        foreach (var (key, member) in opened?.members ?? [])
        {
            if (!known.Contains(key))
            {
                member.Refuse($"is no key here; known are {string.Join(", ", known)}");
            }
        }

        return opened;
    }

    public JsonPlace? Optional(string key) => members.TryGetValue(key, out var member) ? member : null;

    public JsonPlace? Required(string key)
    {
        if (!members.TryGetValue(key, out var member))
        {
            place.Report(PathOf(place, key), "is missing");
            return null;
        }

        return member;
    }

    static bool TryName(JsonProperty property, out string name)
    {
        try
        {
            name = property.Name;
            return true;
        }
        catch (InvalidOperationException)
        {
            name = "";
            return false;
        }
    }

    static string PathOf(JsonPlace parent, string key) => key.Length > 0 && !key.AsSpan().ContainsAny(Quoted)
        ? $"{parent.Path}.{key}"
        : $"{parent.Path}['{key.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}']";
}
