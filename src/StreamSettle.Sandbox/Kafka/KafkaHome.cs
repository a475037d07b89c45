using StreamSettle.Kernel.Failures;

namespace StreamSettle.Sandbox.Kafka;

/// <summary>A Kafka download on this machine, with its broker, Connect and tools, and the folder of plugins in which Debezium's connector for PostgreSQL is.</summary>
public sealed class KafkaHome
{
    /// <summary>Names the download's folder.</summary>
    public const string FolderVariable = "KAFKA_HOME";

    /// <summary>Names the folder of plugins, as the images of Connect call it; by default <c>connect-plugins</c> beside the download.</summary>
    public const string PluginsVariable = "CONNECT_PLUGIN_PATH";

    /// <summary>Starts a broker.</summary>
    public const string ServerStart = "kafka-server-start.sh";

    /// <summary>Prepares the folders of a broker.</summary>
    public const string Storage = "kafka-storage.sh";

    internal const string ConnectStart = "connect-distributed.sh";
    const string Debezium = "debezium-connector-postgres-*.jar";

    /// <summary>A plugin is a folder in the folder of plugins, or a folder in an archive's folder there.</summary>
    const int PluginDepth = 3;

    /// <summary>A copy of a download may have lost its links, which are files with the target's name then.</summary>
    const int LongestLink = 100;

    const UnixFileMode Runnable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <param name="folder">Of a download that is known to be whole.</param>
    /// <param name="plugins">The folder of plugins.</param>
    public KafkaHome(string folder, string plugins) => (Folder, Plugins) = (folder, plugins);

    /// <summary>Of the download.</summary>
    public string Folder { get; }

    /// <summary>What Connect calls <c>plugin.path</c>.</summary>
    public string Plugins { get; }

    /// <summary>The download that the environment names.</summary>
    /// <param name="otherwise">The download where <see cref="FolderVariable"/> names none; null: none.</param>
    /// <exception cref="UserMistakeException">There is none, it is not one, or Java or Debezium is missing; the message says how to get it.</exception>
    public static KafkaHome Find(string? otherwise = null)
    {
        var home = Variable(FolderVariable) ?? otherwise ?? throw new UserMistakeException(
            $"there is no Kafka: unpack a download of https://kafka.apache.org/downloads (4.0 or later) and set {FolderVariable} to its folder");
        home = Path.GetFullPath(home);
        var found = new KafkaHome(home, PluginsOf(home));
        return found.Missing() is { } missing ? throw new UserMistakeException(missing) : found;
    }

    /// <summary>Where a download's plugins are: <see cref="PluginsVariable"/>, else <c>connect-plugins</c> beside it.</summary>
    public static string PluginsOf(string home) => Path.GetFullPath(Variable(PluginsVariable) ?? Path.Combine(home, "..", "connect-plugins"));

    /// <summary>The path of a program of the download, such as <c>kafka-topics.sh</c>.</summary>
    public string Program(string name) => Path.Combine(Folder, "bin", name);

    /// <summary>This one where its programs can be run, else one in <paramref name="folder"/> with the same libraries and configuration and with mended programs.</summary>
    public KafkaHome Whole(string folder) => new(WholeFolder(Folder, folder), Plugins);

    /// <summary>The same of a folder of which nothing else is known than that it has a broker.</summary>
    public static string WholeFolder(string home, string folder)
    {
        if (OperatingSystem.IsWindows() || (File.GetUnixFileMode(Path.Combine(home, "bin", ServerStart)) & UnixFileMode.UserExecute) != 0)
        {
            return home;
        }

        var mended = Directory.CreateDirectory(Path.Combine(folder, "kafka")).FullName;
        Directory.CreateSymbolicLink(Path.Combine(mended, "libs"), Path.Combine(home, "libs"));
        Directory.CreateSymbolicLink(Path.Combine(mended, "config"), Path.Combine(home, "config"));
        var programs = Directory.CreateDirectory(Path.Combine(mended, "bin")).FullName;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(home, "bin")))
        {
            var program = Path.Combine(programs, Path.GetFileName(file));
            if (LostLink(file) is { } target)
            {
                File.CreateSymbolicLink(program, target);
                continue;
            }

            File.Copy(file, program);
            File.SetUnixFileMode(program, Runnable);
        }

        return mended;
    }

    string? Missing() =>
        (string[])[ServerStart, ConnectStart, Storage] is var programs && Array.Find(programs, program => !File.Exists(Program(program))) is { } program
            ? $"{Folder} is no Kafka download with Connect, for it has no bin/{program}: unpack one of https://kafka.apache.org/downloads and set {FolderVariable} to its folder"
            : !HasDebezium()
                ? $"{Plugins} has no {Debezium}: unpack Debezium's PostgreSQL connector there (debezium-connector-postgres-VERSION-plugin.tar.gz of https://debezium.io/releases), or set {PluginsVariable} to where it is"
                : !HasJava() ? "Kafka needs Java 17 or later: install it (apt-get install default-jre-headless), or set JAVA_HOME" : null;

    bool HasDebezium() => Directory.Exists(Plugins)
        && Directory.EnumerateFiles(Plugins, Debezium, new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = PluginDepth }).Any();

    static bool HasJava() => Variable("JAVA_HOME") is { } java
        ? File.Exists(Path.Combine(java, "bin", "java"))
        : (Variable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Any(folder => File.Exists(Path.Combine(folder, "java")));

    static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    /// <summary>What a link pointed to that is a file now; null for a program.</summary>
    static string? LostLink(string file)
    {
        if (new FileInfo(file).Length > LongestLink)
        {
            return null;
        }

        var target = File.ReadAllText(file).Trim();
        return target.Length > 0 && !target.Contains('\n', StringComparison.Ordinal) && File.Exists(Path.Combine(Path.GetDirectoryName(file)!, target)) ? target : null;
    }
}
