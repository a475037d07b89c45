using System.Runtime.InteropServices;

namespace StreamSettle.Tests.Links;

/// <summary>Signals as an init system sends them.</summary>
static partial class Signals
{
    const int HangUp = 1;
    const int Int = 2;
    const int Quit = 3;
    const int Term = 15;
    const int Continue = 18;
    const int Stop = 19;

    /// <summary>Asks the process to end.</summary>
    public static void Terminate(int process) => Send(process, Term);

    /// <summary>As Ctrl-C does.</summary>
    public static void Interrupt(int process) => Send(process, Int);

    /// <summary>As Ctrl-\ does.</summary>
    public static void GiveUp(int process) => Send(process, Quit);

    /// <summary>As a terminal that is closed does.</summary>
    public static void Close(int process) => Send(process, HangUp);

    /// <summary>Lets the process run no further, as a machine that sleeps does.</summary>
    public static void Freeze(int process) => Expect(Send(process, Stop));

    public static void Thaw(int process) => Expect(Send(process, Continue));

    static void Expect(int sent) => Xunit.Assert.True(sent == 0, "the signal was sent");

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Send(int process, int signal);
}
