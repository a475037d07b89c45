using System.Text;
using System.Text.RegularExpressions;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using StreamSettle.Integration.Tests.Around;
using Xunit;

namespace StreamSettle.Cluster.Tests.Around;

/// <summary>A user of the broker, and what ACLs allow it: what docs/kafka.md lists, no more.</summary>
sealed partial class Guarded : IDisposable
{
    const string Password = "change-me";

    readonly IAdminClient admin;
    readonly string user;

    Guarded(IAdminClient admin, string user, IReadOnlyList<AclBinding> rights)
    {
        this.admin = admin;
        this.user = user;
        Rights = rights;
    }

    /// <summary>Each operation on each resource by itself.</summary>
    public IReadOnlyList<AclBinding> Rights { get; }

    /// <summary>A user for a cluster's service, which comes by that from now on.</summary>
    public static async Task<Guarded> CreateAsync(ClusterWorld cluster)
    {
        var server = cluster.Broker.Server;
        var user = cluster.Application + "-user";
        var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = server.Bootstrap }).Build();
        await admin.AlterUserScramCredentialsAsync([new UserScramCredentialUpsertion
        {
            User = user, Password = Encoding.UTF8.GetBytes(Password), ScramCredentialInfo = new() { Mechanism = ScramMechanism.ScramSha256, Iterations = 4096 },
        }]);
        foreach (var (key, value) in new[]
        {
            ("BootstrapServers", server.GuardedBootstrap), ("security.protocol", "SASL_PLAINTEXT"), ("sasl.mechanism", "SCRAM-SHA-256"), ("sasl.username", user), ("sasl.password", Password),
        })
        {
            cluster.World.Settings["Kafka:" + key] = value;
        }

        return new(admin, user, Documented(user, cluster.Application, cluster.World.Settings["Source:Topic"]));
    }

    public Task GrantAsync(params IEnumerable<AclBinding> rights) => admin.CreateAclsAsync(rights);

    public Task TakeAsync(AclBinding right) => admin.DeleteAclsAsync([new AclBindingFilter
    {
        PatternFilter = new() { Type = right.Pattern.Type, Name = right.Pattern.Name, ResourcePatternType = right.Pattern.ResourcePatternType },
        EntryFilter = new() { Principal = right.Entry.Principal, Host = right.Entry.Host, Operation = right.Entry.Operation, PermissionType = right.Entry.PermissionType },
    }]);

    public void Dispose() => admin.Dispose();

    public override string ToString() => user;

    /// <summary>The rows of the table of rights, with this application's names in the place of those of the document.</summary>
    static List<AclBinding> Documented(string user, string application, string source)
    {
        var document = File.ReadAllText(Path.Combine(Repository.Root, "docs", "kafka.md"));
        var section = document[document.IndexOf("### Rights on the cluster", StringComparison.Ordinal)..];
        var rights = new List<AclBinding>();
        foreach (Match row in Row().Matches(section[..section.IndexOf("\n## ", StringComparison.Ordinal)]))
        {
            var name = row.Groups["name"].Value.Replace("settle", application, StringComparison.Ordinal).Replace("shop", source, StringComparison.Ordinal);
            var type = row.Groups["on"].Value switch
            {
                "topics" => ResourceType.Topic,
                "groups" => ResourceType.Group,
                // Named by librdkafka and the brokers, not by Confluent.Kafka.
                "transactional ids" => (ResourceType)5,
                var other => throw new InvalidOperationException($"docs/kafka.md gives rights on {other}"),
            };
            rights.AddRange(Operation().Matches(row.Groups["operations"].Value).Select(operation => new AclBinding
            {
                Pattern = new() { Type = type, Name = name, ResourcePatternType = ResourcePatternType.Prefixed },
                Entry = new() { Principal = $"User:{user}", Host = "*", Operation = Enum.Parse<AclOperation>(operation.Groups[1].Value), PermissionType = AclPermissionType.Allow },
            }));
        }

        Assert.NotEmpty(rights);
        return rights;
    }

    [GeneratedRegex(@"^\| (?<on>[a-z ]+) \| `(?<name>[a-z.-]+)` \| (?<operations>.*?) \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("`([A-Z][A-Za-z]+)`")]
    private static partial Regex Operation();
}
