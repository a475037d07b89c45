using System.Diagnostics;
using StreamSettle.Integration.Tests.Around;
using Xunit;

namespace StreamSettle.Integration.Tests.Browsing;

/// <summary>Debian's Chromium without a screen: loads a page, lets its scripts run, and gives what the page has become.</summary>
static class Chromium
{
    const string Program = "/usr/bin/chromium";
    static readonly TimeSpan Bound = TimeSpan.FromSeconds(90);

    public static void Require() =>
        Assert.SkipWhen(!File.Exists(Program) && Environment.GetEnvironmentVariable("CI") != "true", "chromium is not installed");

    /// <param name="scriptsRun">Of the page's own clock.</param>
    public static async Task<string> DomAsync(Uri page, TimeSpan scriptsRun)
    {
        var profile = Directory.CreateTempSubdirectory("streamsettle-chromium-");
        try
        {
            using var browser = Process.Start(new ProcessStartInfo(Program,
            [
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--disable-dev-shm-usage", $"--user-data-dir={profile.FullName}", $"--virtual-time-budget={scriptsRun.TotalMilliseconds:F0}", "--dump-dom", page.ToString(),
            ]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            try
            {
                using var bound = new CancellationTokenSource(Bound);
                var errors = browser.StandardError.ReadToEndAsync(bound.Token);
                var dom = await browser.StandardOutput.ReadToEndAsync(bound.Token);
                await browser.WaitForExitAsync(bound.Token);
                Assert.True(browser.ExitCode == 0, await errors);
                return dom;
            }
            finally
            {
                browser.Kill(entireProcessTree: true);
            }
        }
        finally
        {
            await DeleteAsync(profile);
        }
    }

    /// <summary>Its helper processes may write into the profile for a moment after the end.</summary>
    static Task DeleteAsync(DirectoryInfo profile) => Until.TrueAsync(
        () =>
        {
            try
            {
                profile.Delete(recursive: true);
                return true;
            }
            catch (DirectoryNotFoundException)
            {
                return true;
            }
            catch (IOException)
            {
                return false;
            }
        },
        "the browser lets go of its profile");
}
