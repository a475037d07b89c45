using System.Runtime.InteropServices;

namespace StreamSettle.App.Commands;

/// <summary>
/// The end of the terminal that a command was started from (SIGHUP) is a stop like Ctrl-C: by default it ends the process at once, and a private server would be left behind.
/// Whoever started it so that it outlives the terminal (<c>nohup</c>) is heard. SIGQUIT (Ctrl-\) is a stop too: the web host inside the service takes it, and everything would run on.
/// </summary>
sealed class HangUp : IDisposable
{
    /// <summary>The bit of SIGHUP, which is signal 1, in the masks of /proc.</summary>
    const ulong HangUpBit = 1;

    readonly CancellationTokenSource stop = new();
    readonly PosixSignalRegistration? registration;
    readonly PosixSignalRegistration quit;

    public HangUp()
    {
        if (!IsIgnored())
        {
            registration = PosixSignalRegistration.Create(PosixSignal.SIGHUP, End);
        }

        quit = PosixSignalRegistration.Create(PosixSignal.SIGQUIT, End);
    }

    public CancellationToken Stop => stop.Token;

    public void Dispose()
    {
        registration?.Dispose();
        quit.Dispose();
        stop.Dispose();
    }

    void End(PosixSignalContext signal)
    {
        signal.Cancel = true;
        stop.Cancel();
    }

    static bool IsIgnored()
    {
        const string label = "SigIgn:";
        return OperatingSystem.IsLinux() && File.Exists("/proc/self/status")
            && File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith(label, StringComparison.Ordinal)) is { } line
            && ulong.TryParse(line[label.Length..].Trim(), System.Globalization.NumberStyles.AllowHexSpecifier, System.Globalization.CultureInfo.InvariantCulture, out var mask)
            && (mask & HangUpBit) != 0;
    }
}
