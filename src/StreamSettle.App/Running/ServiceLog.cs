namespace StreamSettle.App.Running;

/// <summary>What the service says in its log. Ids 9000 to 9099.</summary>
static partial class ServiceLog
{
    [LoggerMessage(9000, LogLevel.Information, "started; dashboard and API at {Urls}; state in {StateDirectory}")]
    public static partial void Started(this ILogger logger, string urls, string stateDirectory);

    [LoggerMessage(9001, LogLevel.Information, "ready: marks are fired from now on")]
    public static partial void Ready(this ILogger logger);

    [LoggerMessage(9002, LogLevel.Error, "not firing: {Reason}")]
    public static partial void NotFiring(this ILogger logger, string reason);

    [LoggerMessage(9003, LogLevel.Information, "stopping")]
    public static partial void Stopping(this ILogger logger);

    [LoggerMessage(9004, LogLevel.Information, "stopped")]
    public static partial void Stopped(this ILogger logger);

    [LoggerMessage(9005, LogLevel.Critical, "stopped by a failure")]
    public static partial void Failed(this ILogger logger, Exception failure);

    [LoggerMessage(9040, LogLevel.Information, "first start: {Found}")]
    public static partial void FirstStart(this ILogger logger, string found);

    [LoggerMessage(9070, LogLevel.Information, "rebuilding: {Orders} orders of the event log are in the state directory")]
    public static partial void Rebuilding(this ILogger logger, long orders);

    [LoggerMessage(9071, LogLevel.Warning, "the state directory was rebuilt: {Orders} orders of the event log, {Calls} calls of which the systems are asked first, {Invoices} invoices that are still to be sent, {Holds} holds; the source is read as a whole now")]
    public static partial void Rebuilt(this ILogger logger, long orders, int calls, int invoices, int holds);

    [LoggerMessage(9076, LogLevel.Warning, "holds are not kept in the event log: {Reason}")]
    public static partial void HoldsNotKept(this ILogger logger, string reason);

    [LoggerMessage(9072, LogLevel.Information, "{By} asked for scan {Id} of the source, of orders completed from {From} to {To}")]
    public static partial void ScanBegun(this ILogger logger, string by, string id, string from, string to);

    [LoggerMessage(9073, LogLevel.Information, "scan {Id} is done: {Rows} rows")]
    public static partial void ScanDone(this ILogger logger, string id, long rows);

    [LoggerMessage(9074, LogLevel.Information, "{By} gave scan {Id} up after {Rows} rows")]
    public static partial void ScanStopped(this ILogger logger, string by, string id, long rows);

    [LoggerMessage(9075, LogLevel.Warning, "the scan of the source waits: {Reason}")]
    public static partial void ScanWaits(this ILogger logger, string reason);

    [LoggerMessage(9042, LogLevel.Information, "listening at {Addresses}; starting")]
    public static partial void Listening(this ILogger logger, string addresses);

    [LoggerMessage(9044, LogLevel.Warning, "the start waits: {Reason}")]
    public static partial void StartWaits(this ILogger logger, string reason);

    [LoggerMessage(9045, LogLevel.Error, "records of ours wait to be read: {Reason}")]
    public static partial void HeldBack(this ILogger logger, string reason);

    [LoggerMessage(9046, LogLevel.Information, "records of ours are read again after {Seconds} s")]
    public static partial void ReadAgain(this ILogger logger, long seconds);

    [LoggerMessage(9041, LogLevel.Warning, "settings that do nothing in this release: {Keys}")]
    public static partial void NotUsed(this ILogger logger, string keys);

    [LoggerMessage(9043, LogLevel.Warning, "{Note}")]
    public static partial void Note(this ILogger logger, string note);

    [LoggerMessage(9006, LogLevel.Error, "a request failed by a mistake of ours: {Method} {Endpoint}")]
    public static partial void RequestFailed(this ILogger logger, Exception failure, string method, string endpoint);

    [LoggerMessage(9007, LogLevel.Information, "not firing yet: {Reason}")]
    public static partial void NotFiringYet(this ILogger logger, string reason);

    [LoggerMessage(9008, LogLevel.Information, "firing goes on after {Seconds} s")]
    public static partial void FiringGoesOn(this ILogger logger, long seconds);

    [LoggerMessage(9009, LogLevel.Warning, "still not firing: {Reason}")]
    public static partial void StillNotFiring(this ILogger logger, string reason);

    [LoggerMessage(9010, LogLevel.Error, "source lost: {Reason}")]
    public static partial void SourceLost(this ILogger logger, string reason);

    [LoggerMessage(9011, LogLevel.Information, "source found again after {Seconds} s")]
    public static partial void SourceFound(this ILogger logger, long seconds);

    [LoggerMessage(9012, LogLevel.Error, "event log lost: {Reason}")]
    public static partial void EventLogLost(this ILogger logger, string reason);

    [LoggerMessage(9013, LogLevel.Information, "event log found again after {Seconds} s")]
    public static partial void EventLogFound(this ILogger logger, long seconds);

    [LoggerMessage(9014, LogLevel.Warning, "downstream {Leg}: {State}")]
    public static partial void SystemWorse(this ILogger logger, string leg, string state);

    [LoggerMessage(9015, LogLevel.Information, "downstream {Leg} is well again")]
    public static partial void SystemWell(this ILogger logger, string leg);

    [LoggerMessage(9050, LogLevel.Information, "events are sealed by key {Key}, each {Interval} or {Events} events")]
    public static partial void Sealing(this ILogger logger, string key, TimeSpan interval, int events);

    [LoggerMessage(9051, LogLevel.Information, "events are not sealed: Audit:Seal:KeyFile is not set")]
    public static partial void WithoutSeals(this ILogger logger);

    [LoggerMessage(9052, LogLevel.Warning, "no seals are made: {Reason}")]
    public static partial void NotSealing(this ILogger logger, string reason);

    [LoggerMessage(9067, LogLevel.Information, "notarised by {Notaries}: {What}")]
    public static partial void Notarising(this ILogger logger, string notaries, string what);

    [LoggerMessage(9068, LogLevel.Warning, "not notarised by {Notary}: {Reason}")]
    public static partial void NotNotarising(this ILogger logger, string notary, string reason);

    [LoggerMessage(9069, LogLevel.Information, "notarised by {Notary} again after {Seconds} s")]
    public static partial void NotarisingGoesOn(this ILogger logger, string notary, long seconds);

    [LoggerMessage(9053, LogLevel.Information, "seals are made again after {Seconds} s")]
    public static partial void SealingGoesOn(this ILogger logger, long seconds);

    [LoggerMessage(9054, LogLevel.Information, "personal data in events is encrypted; new keys are wrapped by master key {MasterKey}")]
    public static partial void Encrypting(this ILogger logger, string masterKey);

    [LoggerMessage(9055, LogLevel.Information, "personal data in events is not encrypted: Audit:Encryption:Current is {Value}")]
    public static partial void WithoutEncryption(this ILogger logger, string value);

    [LoggerMessage(9056, LogLevel.Warning, "{By} had {Keys} keys of merchant {Merchant} shredded (shredding {Number}): {Reason}")]
    public static partial void Shredded(this ILogger logger, string by, int keys, string merchant, long number, string reason);

    [LoggerMessage(9057, LogLevel.Information, "{By} had {Keys} merchants' keys wrapped by master key {MasterKey}")]
    public static partial void Rotated(this ILogger logger, string by, int keys, string masterKey);

    [LoggerMessage(9018, LogLevel.Warning, "{By} says that the wall clock is right: firing goes on after the jump by {Jump} at {Since}")]
    public static partial void ClockResumed(this ILogger logger, string by, TimeSpan jump, string since);

    [LoggerMessage(9016, LogLevel.Warning, "dead letters: {Count} more at {Stage}, the last {Id}: {Reason}. {Meaning}")]
    public static partial void DeadLetters(this ILogger logger, long count, string stage, string id, string reason, string meaning);

    [LoggerMessage(9017, LogLevel.Information, "{By} asked for the {Action} of {Id} (request {RequestId}){Note}")]
    public static partial void OperatorActs(this ILogger logger, string by, string action, string id, string requestId, string note);

    [LoggerMessage(9019, LogLevel.Information, "{By} holds {Scope} (hold {Id}){Until}: {Reason}")]
    public static partial void Holds(this ILogger logger, string by, string scope, string id, string until, string reason);

    [LoggerMessage(9020, LogLevel.Information, "{By} released {Scope} (hold {Id}){Reason}")]
    public static partial void Releases(this ILogger logger, string by, string scope, string id, string reason);

    [LoggerMessage(9060, LogLevel.Warning, "{Gap}")]
    public static partial void CalendarGap(this ILogger logger, string gap);
}
