using StreamSettle.Kernel.Failures;

namespace StreamSettle.Sandbox.Postgres;

/// <summary>Where this machine keeps PostgreSQL's server programs (<c>initdb</c>, <c>pg_ctl</c>, <c>postgres</c>).</summary>
public static class PostgresBinaries
{
    const string DebianRoot = "/usr/lib/postgresql";
    const string RedHatRoot = "/usr/pgsql-";
    static readonly string[] Needed = ["initdb", "pg_ctl", "postgres"];

    /// <summary>The folder with the server's programs, or null: PATH first, then the newest version where packages put it.</summary>
    public static string? TryFind() => TryFind(Environment.GetEnvironmentVariable("PATH") ?? "", DebianRoot);

    /// <inheritdoc cref="TryFind()"/>
    /// <exception cref="UserMistakeException">There is none; the message says what to install.</exception>
    public static string Find() =>
        TryFind() ?? throw new UserMistakeException(
            $"PostgreSQL's server programs were found neither on PATH nor under {DebianRoot}/*/bin; install them (apt-get install postgresql) or put their folder on PATH");

    internal static string? TryFind(string path, string packagesRoot) =>
        path.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Concat(Versions(packagesRoot))
            .Concat(Versions(RedHatRoot))
            .FirstOrDefault(folder => Needed.All(program => File.Exists(Path.Combine(folder, program))));

    static IEnumerable<string> Versions(string root)
    {
        var (parent, prefix) = Directory.Exists(root) ? (root, "") : (Path.GetDirectoryName(root) ?? "/", Path.GetFileName(root));
        return !Directory.Exists(parent)
            ? []
            : Directory.EnumerateDirectories(parent, prefix + "*")
                .OrderByDescending(folder => double.TryParse(Path.GetFileName(folder)[prefix.Length..], System.Globalization.CultureInfo.InvariantCulture, out var version) ? version : 0)
                .Select(folder => Path.Combine(folder, "bin"));
    }
}
