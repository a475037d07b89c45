using System.Runtime.InteropServices;

namespace StreamSettle.Integration.Tests.Around;

/// <summary>Signals as an init system sends them.</summary>
static partial class Signals
{
    const int Term = 15;

    /// <summary>Asks the process to end.</summary>
    public static void Terminate(int process) => Send(process, Term);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Send(int process, int signal);
}
