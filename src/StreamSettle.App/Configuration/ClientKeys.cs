using System.Text;

namespace StreamSettle.App.Configuration;

/// <summary>
/// Settings of librdkafka under <c>Kafka</c>: <c>session.timeout.ms</c>, <c>SessionTimeoutMs</c> and, for environments that take no dots,
/// <c>session_timeout_ms</c> are one. A secret can come from a file: <c>SaslPasswordFile</c>.
/// </summary>
static class ClientKeys
{
    const string FileEnding = ".file";

    static readonly string[] Secrets = ["sasl.password", "ssl.key.password", "ssl.key.pem", "ssl.keystore.password", "sasl.oauthbearer.client.secret"];

    /// <summary>By librdkafka's names. Which of them exist is for librdkafka to say: the first client asks it.</summary>
    public static IReadOnlyDictionary<string, string> Read(ConfigurationReader reader)
    {
        var own = reader.Known.Below(KafkaOptionsReader.Section);
        Dictionary<string, string> found = new(StringComparer.Ordinal);
        foreach (var (key, value) in reader.Rest(KafkaOptionsReader.Section).Where(child => !own.Contains(child.Name, StringComparer.OrdinalIgnoreCase)))
        {
            if (value is null)
            {
                reader.Add($"{KafkaOptionsReader.Section}:{key} is no section: write the client's settings by their own names, such as {KafkaOptionsReader.Section}:session.timeout.ms.");
                continue;
            }

            if (string.IsNullOrWhiteSpace(value))
            {
                continue;
            }

            var name = NameOf(key);
            var isFile = name.EndsWith(FileEnding, StringComparison.Ordinal) && Secrets.Contains(name[..^FileEnding.Length]);
            if (!found.TryAdd(isFile ? name[..^FileEnding.Length] : name, isFile ? Secret(reader, key, value) : value))
            {
                reader.Add($"{KafkaOptionsReader.Section}:{key} is set twice, under two spellings of {name}: keep one.");
            }
        }

        return found;
    }

    internal static string NameOf(string key)
    {
        if (key.Contains('.', StringComparison.Ordinal))
        {
            return key.ToLowerInvariant();
        }

        if (key.Contains('_', StringComparison.Ordinal))
        {
            return key.Replace('_', '.').ToLowerInvariant();
        }

        var name = new StringBuilder(key.Length + 8);
        foreach (var letter in key)
        {
            if (char.IsUpper(letter) && name.Length > 0)
            {
                name.Append('.');
            }

            name.Append(char.ToLowerInvariant(letter));
        }

        return name.ToString();
    }

    static string Secret(ConfigurationReader reader, string key, string file)
    {
        try
        {
            var secret = File.ReadAllText(file).TrimEnd('\r', '\n');
            if (secret.Length == 0)
            {
                reader.Add($"{KafkaOptionsReader.Section}:{key} must name a file with the secret, but '{file}' is empty.");
            }

            return secret;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            reader.Add($"{KafkaOptionsReader.Section}:{key} must name a file that can be read: {failure.Message}");
            return "";
        }
    }
}
