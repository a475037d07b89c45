namespace StreamSettle.Kafka.Tests.Broker;

/// <summary>A Kafka download whose programs can be run. A copy of one may have lost its links, which are files with the target's name then, and the right to be run.</summary>
static class KafkaHome
{
    const UnixFileMode Runnable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    const int LongestLink = 100;

    public const string ServerStart = "kafka-server-start.sh";

    /// <summary>Where Kafka Connect's plugins are: <c>CONNECT_PLUGIN_PATH</c>, as the images of Connect call it, else <c>connect-plugins</c> beside the download.</summary>
    public static string Plugins(string home) =>
        Path.GetFullPath(Environment.GetEnvironmentVariable("CONNECT_PLUGIN_PATH") is { Length: > 0 } plugins ? plugins : Path.Combine(home, "..", "connect-plugins"));

    /// <summary><paramref name="home"/> itself where it is whole, else one in <paramref name="folder"/> with the same libraries and configuration and with mended programs.</summary>
    public static string Whole(string home, string folder)
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
