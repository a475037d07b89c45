using System.Globalization;

namespace StreamSettle.Benchmarks.EndToEnd;

/// <summary>Processor time of a process and its children, ended ones included, as Linux counts it (proc(5), <c>/proc/pid/stat</c>).</summary>
static class ProcessorTime
{
    /// <summary>Linux tells it in ticks of a hundredth of a second on every machine that .NET runs on.</summary>
    const int TicksPerSecond = 100;

    /// <summary>Of <paramref name="processId"/>, of its children, and of those children that it has waited for.</summary>
    public static TimeSpan Of(int processId)
    {
        var own = Stat(File.ReadAllText($"/proc/{processId}/stat"));
        var ticks = own.Used + own.OfEndedChildren + Children(processId).Sum(child => child.Used + child.OfEndedChildren);
        return TimeSpan.FromSeconds((double)ticks / TicksPerSecond);
    }

    static IEnumerable<(int Parent, long Used, long OfEndedChildren)> Children(int parent)
    {
        foreach (var directory in Directory.EnumerateDirectories("/proc").Where(directory => char.IsAsciiDigit(Path.GetFileName(directory)[0])))
        {
            string text;
            try
            {
                text = File.ReadAllText(Path.Combine(directory, "stat"));
            }
            catch (IOException)
            {
                // It ended meanwhile: its parent counts it now.
                continue;
            }

            var stat = Stat(text);
            if (stat.Parent == parent)
            {
                yield return stat;
            }
        }
    }

    /// <summary>The name in parentheses may hold spaces: fields are counted behind the last parenthesis, where field 3 begins.</summary>
    static (int Parent, long Used, long OfEndedChildren) Stat(string text)
    {
        var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        long Ticks(int field) => long.Parse(fields[field - 3], CultureInfo.InvariantCulture);
        return ((int)Ticks(4), Ticks(14) + Ticks(15), Ticks(16) + Ticks(17));
    }
}
