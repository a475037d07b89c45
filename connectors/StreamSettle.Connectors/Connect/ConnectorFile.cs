using System.Text;
using System.Text.Json;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.Connectors.Connect;

/// <summary>
/// Reads <c>NAME.json</c> of a directory: the connector's configuration as one flat JSON object (<c>PUT /connectors/NAME/config</c>), or as <c>{"name","config"}</c>.
/// <c>${Key}</c> is replaced by what <c>valueOf</c> gives, written as JSON text; <c>$${...}</c> is left to Connect's own providers as <c>${...}</c>.
/// </summary>
/// <param name="valueOf">A configuration key's value; null where it has none.</param>
public sealed class ConnectorFile(string directory, Func<string, string?> valueOf)
{
    /// <summary>A configuration of a thousand keys is far below it.</summary>
    const int MaxBytes = 1024 * 1024;

    const string Extension = ".json";

    /// <summary>Names of the files that are there, without their extension.</summary>
    public IReadOnlyList<string> Names() => !Directory.Exists(directory) ? []
        : [.. Directory.EnumerateFiles(directory, "*" + Extension).Select(file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    /// <exception cref="UserMistakeException">There is no such file, it is no such object, or a key in it has no value.</exception>
    public ConnectorDefinition Read(string name)
    {
        if (name.Length == 0 || name != Path.GetFileName(name) || name.Contains('\0', StringComparison.Ordinal))
        {
            throw new UserMistakeException($"'{name}' is no name of a connector: give that of a file in {directory}, without {Extension}.");
        }

        var path = Path.Combine(directory, name + Extension);
        var text = Replace(ReadText(path, name), path);
        try
        {
            using var json = JsonDocument.Parse(text);
            return new(name, Config(json.RootElement, name, path));
        }
        catch (JsonException broken)
        {
            // Its own message may quote the place, where a secret may stand.
            throw new UserMistakeException($"{path} is no JSON once its keys are replaced: look at line {broken.LineNumber + 1}, byte {broken.BytePositionInLine + 1}.");
        }
    }

    string ReadText(string path, string name)
    {
        if (!File.Exists(path))
        {
            var there = Names();
            throw new UserMistakeException(
                $"There is no connector file {path}: {(there.Count == 0 ? $"{directory} has none at all; give the folder of the files in Connect:Directory" : $"there is {string.Join(", ", there)}")}"
                + $"{(there.Contains(name, StringComparer.OrdinalIgnoreCase) ? " (capitals count)" : "")}.");
        }

        try
        {
            return new FileInfo(path).Length <= MaxBytes ? File.ReadAllText(path) : throw new UserMistakeException($"{path} has more than {MaxBytes} bytes, which is no connector's configuration.");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new UserMistakeException($"The connector file {path} cannot be read: {failure.Message}", failure);
        }
    }

    string Replace(string text, string path)
    {
        var replaced = new StringBuilder(text.Length);
        var unknown = new List<string>();
        for (var at = 0; at < text.Length;)
        {
            var start = text.IndexOf("${", at, StringComparison.Ordinal);
            var end = start < 0 ? -1 : text.IndexOf('}', start);
            if (end < 0)
            {
                replaced.Append(text, at, text.Length - at);
                break;
            }

            if (start > at && text[start - 1] == '$')
            {
                replaced.Append(text, at, start - 1 - at).Append(text, start, end + 1 - start);
                at = end + 1;
                continue;
            }

            var key = text[(start + 2)..end];
            replaced.Append(text, at, start - at).Append(Value(key, unknown));
            at = end + 1;
        }

        return unknown.Count == 0 ? replaced.ToString() : throw new UserMistakeException(
            $"{path} uses {string.Join(", ", unknown.Distinct().Select(key => $"${{{key}}}"))}, but no such configuration key has a value. Set it, or correct the name; what Connect's own "
            + "configuration providers are to replace is written with two dollar signs: $${file:...}.");
    }

    string Value(string key, List<string> unknown)
    {
        if (valueOf(key) is { } value)
        {
            return JsonEncodedText.Encode(value, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString();
        }

        unknown.Add(key);
        return "";
    }

    static Dictionary<string, string> Config(JsonElement root, string name, string path)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new UserMistakeException($"{path} is {root.ValueKind}, expected an object with the connector's configuration.");
        }

        if (root.TryGetProperty("config", out var inner) && inner.ValueKind == JsonValueKind.Object)
        {
            return root.TryGetProperty("name", out var own) && own.ValueKind == JsonValueKind.String && own.GetString() != name
                ? throw new UserMistakeException($"{path} names the connector {own.GetString()}: a connector is called as its file, {name}.")
                : Config(inner, name, path);
        }

        var config = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var member in root.EnumerateObject())
        {
            var value = member.Value.ValueKind switch
            {
                JsonValueKind.String => member.Value.GetString()!,
                JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => member.Value.GetRawText(),
                _ => throw new UserMistakeException($"{path}: {member.Name} is {member.Value.ValueKind}, expected a text, a number, true or false."),
            };
            if (!config.TryAdd(member.Name, value))
            {
                throw new UserMistakeException($"{path} has {member.Name} twice.");
            }
        }

        config.Remove("name");
        return config.ContainsKey("connector.class") ? config : throw new UserMistakeException($"{path} has no connector.class: it is no connector's configuration.");
    }
}
