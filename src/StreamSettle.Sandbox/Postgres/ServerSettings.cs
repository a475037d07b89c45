using System.Net;

namespace StreamSettle.Sandbox.Postgres;

/// <summary>What a private PostgreSQL is started with.</summary>
internal static class ServerSettings
{
    public static string CommandLine(PrivatePostgresOptions options, int port, string socketFolder) =>
        string.Join(' ', Of(options, port, socketFolder).Select(setting => $"-c {setting.Key}='{setting.Value}'"));

    static Dictionary<string, string> Of(PrivatePostgresOptions options, int port, string socketFolder)
    {
        var durable = options.Durable ? "on" : "off";
        var settings = new Dictionary<string, string>
        {
            ["port"] = $"{port}",
            ["listen_addresses"] = IPAddress.Loopback.ToString(),
            ["unix_socket_directories"] = socketFolder,
            ["wal_level"] = "logical",
            ["max_wal_senders"] = "16",
            ["max_replication_slots"] = "16",
            ["max_connections"] = $"{options.MaxConnections}",
            ["shared_buffers"] = $"{options.SharedBuffersMb}MB",
            ["max_wal_size"] = "2GB",
            ["fsync"] = durable,
            ["full_page_writes"] = durable,
            ["synchronous_commit"] = durable,
            ["timezone"] = "UTC",
        };
        foreach (var (key, value) in options.Settings)
        {
            settings[key] = value;
        }

        return settings;
    }
}
