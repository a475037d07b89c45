using System.Diagnostics;
using StreamSettle.Audit.Proofs;
using Xunit;

namespace StreamSettle.Audit.Tests.Sealing;

/// <summary>docs/audit-check.py, which shares no code with the product. Without Python: skipped at a desk, failed under CI=true.</summary>
static class OfflineScript
{
    static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    static string Path => System.IO.Path.Combine(AppContext.BaseDirectory, "Sealing", "audit-check.py");

    public static int Lines => File.ReadAllLines(Path).Length;

    /// <returns>Its exit code, and what it said.</returns>
    public static async Task<(int Code, string Said)> CheckAsync(string proof, SealKey key)
    {
        var folder = Directory.CreateTempSubdirectory("audit-check-");
        try
        {
            var (file, pem) = (System.IO.Path.Combine(folder.FullName, "proof.json"), System.IO.Path.Combine(folder.FullName, "key.pem"));
            await File.WriteAllTextAsync(file, proof);
            await File.WriteAllTextAsync(pem, key.PublicPem());
            using var process = Process.Start(new ProcessStartInfo("python3", [Path, file, $"{key.Id}={pem}"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            var said = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            await process.WaitForExitAsync().WaitAsync(Bound);
            return (process.ExitCode, string.Concat(await said));
        }
        catch (System.ComponentModel.Win32Exception) when (Environment.GetEnvironmentVariable("CI") != "true")
        {
            Assert.Skip("python3 is not installed here");
            throw;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
