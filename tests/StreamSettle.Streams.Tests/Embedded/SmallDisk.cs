using System.Diagnostics;
using StreamSettle.Streams.Tests.RocksDb;
using Xunit;

namespace StreamSettle.Streams.Tests.Embedded;

/// <summary>A small file system of a test's own: mounted in memory where the test may do so, or one that <c>STREAMSETTLE_SMALL_DISK</c> names.</summary>
sealed class SmallDisk : IDisposable
{
    const int SizeMiB = 96;
    readonly TempDirectory? mounted;

    SmallDisk(string path, TempDirectory? mounted) => (Path, this.mounted) = (path, mounted);

    public string Path { get; }

    string Filler => System.IO.Path.Combine(Path, "filler");

    public static SmallDisk OrSkip()
    {
        if (Environment.GetEnvironmentVariable("STREAMSETTLE_SMALL_DISK") is { } named)
        {
            return new(named, null);
        }

        var directory = new TempDirectory();
        if (Run("mount", "-t", "tmpfs", "-o", $"size={SizeMiB}m", "tmpfs", directory.Path))
        {
            return new(directory.Path, directory);
        }

        directory.Dispose();
        Assert.Skip("no small file system can be mounted here, and STREAMSETTLE_SMALL_DISK names none");
        return null!;
    }

    /// <summary>Leaves about so much room.</summary>
    public void Fill(int leaveBytes)
    {
        using var filler = File.Create(Filler);
        var block = new byte[64 * 1024];
        while (new DriveInfo(Path).AvailableFreeSpace > leaveBytes + block.Length)
        {
            filler.Write(block);
        }
    }

    public void Free() => File.Delete(Filler);

    public void Dispose()
    {
        if (mounted is not null)
        {
            Run("umount", mounted.Path);
            mounted.Dispose();
        }
    }

    static bool Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
