namespace StreamSettle.Connectors.Connect;

/// <summary>A connector as a file of ours wants it.</summary>
/// <param name="Config">Its configuration, without its name. Among the values are secrets.</param>
public sealed record ConnectorDefinition(string Name, IReadOnlyDictionary<string, string> Config)
{
    static readonly string[] SecretWords = ["password", "secret", "jaas", "credential", "token", "passphrase"];

    /// <summary>A text of Connect's without our secrets.</summary>
    public string WithoutSecrets(string text) => Config
        .Where(pair => pair.Value.Length > 0 && SecretWords.Any(word => pair.Key.Contains(word, StringComparison.OrdinalIgnoreCase)))
        .Select(pair => pair.Value).OrderByDescending(value => value.Length).Aggregate(text, (left, secret) => left.Replace(secret, "***", StringComparison.Ordinal));

    /// <summary>Keys whose values differ from what the cluster has; Connect adds the name by itself.</summary>
    public IReadOnlyList<string> DifferentFrom(IReadOnlyDictionary<string, string> found) =>
    [
        .. Config.Keys.Union(found.Keys).Where(key => key != "name" && Config.GetValueOrDefault(key) != found.GetValueOrDefault(key)).Order(StringComparer.Ordinal),
    ];
}
