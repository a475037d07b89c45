using StreamSettle.Audit.Marten.Notarising;
using StreamSettle.Audit.Notaries;
using StreamSettle.Audit.Notaries.Ethereum;
using StreamSettle.Audit.Notaries.TimeStamps;

namespace StreamSettle.App.Configuration;

/// <summary>Which notaries testify to what of the event log: the section <c>Audit:Notary</c>.</summary>
/// <param name="Ethereum">Null where no chain is asked.</param>
/// <param name="TimeStamps">Null where no time-stamp authority is asked.</param>
sealed record NotarySettings(NotaryOptions Options, EthereumOptions? Ethereum, TimeStampOptions? TimeStamps)
{
    /// <summary>Of those that are configured.</summary>
    public IReadOnlyList<string> Names => [.. Ethereum is null ? (string[])[] : [NotaryNames.Ethereum], .. TimeStamps is null ? (string[])[] : [NotaryNames.TimeStamp]];

    /// <summary>As these, for a look that is not to hold up a start.</summary>
    public NotarySettings Hasty(TimeSpan patience) => this with { Ethereum = Ethereum is null ? null : Ethereum with { Timeout = patience }, TimeStamps = TimeStamps is null ? null : TimeStamps with { Timeout = patience } };

    /// <summary>Those that are configured; the caller's from then on.</summary>
    public IReadOnlyList<INotary> Open(Func<Guid> newId, TimeProvider time) =>
    [
        .. Ethereum is { } chain ? (INotary[])[new EthereumNotary(chain, time)] : [],
        .. TimeStamps is { } authority ? (INotary[])[new TimeStampNotary(authority, newId)] : [],
    ];

    /// <summary>For people.</summary>
    public override string ToString() =>
        $"{(Options.Interval == TimeSpan.Zero ? "each seal" : $"a seal each {Options.Interval}")}; splits above {Options.SplitsAbove} minor units";
}
