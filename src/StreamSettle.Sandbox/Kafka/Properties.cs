namespace StreamSettle.Sandbox.Kafka;

/// <summary>A file of settings of a Java program.</summary>
internal static class Properties
{
    /// <param name="more">They win.</param>
    public static Task WriteAsync(string file, IReadOnlyDictionary<string, string> settings, IReadOnlyDictionary<string, string> more, CancellationToken stop) =>
        File.WriteAllLinesAsync(file, settings.Where(setting => !more.ContainsKey(setting.Key)).Concat(more).Select(setting => $"{setting.Key}={setting.Value}"), stop);
}
