namespace StreamSettle.App.Composition;

/// <summary>Which boot of which machine this process runs in: from it the monotonic clock counts, and so waits and budgets outlive a restart exactly.</summary>
static class MachineBoot
{
    /// <summary>Linux draws it at each boot, and shares it with containers. Source: random(4).</summary>
    const string Path = "/proc/sys/kernel/random/boot_id";

    /// <summary>Null where the system does not tell.</summary>
    public static Guid? Read()
    {
        try
        {
            return File.Exists(Path) && Guid.TryParse(File.ReadAllText(Path), out var boot) ? boot : null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
