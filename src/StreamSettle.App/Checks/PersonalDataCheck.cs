using StreamSettle.Audit.Encryption;
using StreamSettle.Audit.Marten;
using StreamSettle.Audit.Marten.Keys;
using StreamSettle.Kernel.Failures;

namespace StreamSettle.App.Checks;

/// <summary>Whether what events say of people can be encrypted as it was so far: a start never goes on readably by mistake.</summary>
static class PersonalDataCheck
{
    const string Setting = "Audit:Encryption:Current";

    public static StartCheck Of(AuditOptions options) => new("personal data", async stop =>
    {
        await using var keys = new EventLogKeys(options);
        return Judge(await keys.LookAsync(stop), options.Keys);
    });

    /// <exception cref="UserMistakeException">The master keys do not go with the event log: what comes would be readable by all, or could not be encrypted.</exception>
    public static string Judge(KeysLook look, KeyRing ring)
    {
        string[] problems = [.. look.MasterKeys.Where(use => use.Problem is not null).Select(use => $"{use.Keys} merchants' keys: {use.Problem}")];
        if (ring is { Current: null, IsOff: true })
        {
            return string.Join("; ", ["not encrypted, as Audit:Encryption:Current is off", .. problems]);
        }

        if (ring.Current is not { } current)
        {
            return look.MasterKeys.Count > 0 || look.Shredded > 0
                ? throw new UserMistakeException($"Personal data in the event log was encrypted so far, and {Setting} is not set: what comes would be readable by all. Set it to the name of a master key, or to off if that is meant.")
                : ring.HasKeys
                ? throw new UserMistakeException($"There are master keys, and {Setting} is not set: nothing would be encrypted. Set it to the name of the one that wraps new keys, or to off if that is meant.")
                : "not encrypted, as Audit:Encryption:Current is not set";
        }

        return problems.Length > 0
            ? throw new UserMistakeException(string.Join(Environment.NewLine, problems.Select(problem => $"{problem}. Give that key beside the current one until audit keys rotate has wrapped all by '{current.Id}'. One that is lost for good cannot be replaced: what it protects stays closed (docs/operations.md, \"Personal data\").")))
            : $"encrypted, new keys are wrapped by master key '{current.Id}'; {look.MasterKeys.Sum(use => use.Keys)} merchants' keys{string.Concat(look.MasterKeys.Where(use => use.Id != current.Id).Select(use => $", {use.Keys} of them by '{use.Id}'"))}, {look.Shredded} shredded";
    }
}
