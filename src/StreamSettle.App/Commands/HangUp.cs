using System.Runtime.InteropServices;

namespace StreamSettle.App.Commands;

/// <summary>
/// The end of the terminal that a command was started from (SIGHUP) is a stop like Ctrl-C: by default it ends the process at once, and a private server would be left behind.
/// Whoever started it so that it outlives the terminal (<c>nohup</c>) is heard.
/// </summary>
sealed class HangUp : IDisposable
{
    /// <summary>The bit of SIGHUP, which is signal 1, in the masks of /proc.</summary>
    const ulong HangUpBit = 1;

    readonly CancellationTokenSource stop = new();
    readonly PosixSignalRegistration? registration;

    public HangUp()
    {
        if (!IsIgnored())
        {
            registration = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
            {
                signal.Cancel = true;
                stop.Cancel();
            });
        }
    }

    public CancellationToken Stop => stop.Token;

    public void Dispose()
    {
        registration?.Dispose();
        stop.Dispose();
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
