using System.Text.Json;
using System.Text.Json.Nodes;

namespace StreamSettle.App.Demo;

/// <summary>A file of settings for other processes of this program; it holds passwords, so nobody else may read it.</summary>
static class SettingsFile
{
    /// <returns>Its path.</returns>
    public static string Write(string folder, string name, IReadOnlyDictionary<string, string?> settings)
    {
        var path = Path.Combine(folder, $"{name}.json");
        FileStreamOptions ours = new() { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            ours.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var file = new FileStream(path, ours);
        using var json = new Utf8JsonWriter(file);
        new JsonObject(settings.Select(setting => KeyValuePair.Create(setting.Key, (JsonNode?)setting.Value))).WriteTo(json);
        return path;
    }
}
