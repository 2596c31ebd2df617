using TrustMesh.Contracts;
using TrustMesh.Trust.Records;

namespace TrustMesh.Trust.Alerts;

/// <summary>
/// What is wrong with the silos of a mesh, as the one that watches hears it: the list of silos, asked for every five seconds and never waited for, so that a list nobody answers holds up no
/// alert about devices. What lasts is measured by this silo's own clock. One call at a time.
/// </summary>
/// <param name="silos">Dead and silent ones too.</param>
public sealed class SiloTroubles(Func<CancellationToken, Task<IReadOnlyList<SiloView>>> silos, TimeProvider time)
{
    /// <summary>The built-in rules about silos.</summary>
    public const string Clock = "silo-clock", Silent = "silo-silent", Storage = "silo-storage";

    /// <summary>
    /// A clock that follows a time server is right within a second, and a report is not this late twice in a row. The first thing that a wrong clock refuses it refuses from a minute on
    /// (the word of an OpenID provider), devices refuse what was signed five minutes ahead: there is time to set it right.
    /// </summary>
    public static readonly TimeSpan WrongClock = TimeSpan.FromSeconds(5);

    /// <summary>Less than that again, so that a clock at the edge is one alert and not one a minute.</summary>
    public static readonly TimeSpan RightClock = TimeSpan.FromSeconds(3);

    /// <summary>As long as it takes to start a silo anew: an upgrade, one after the other, tells nobody.</summary>
    public static readonly TimeSpan SilentFor = TimeSpan.FromMinutes(1);

    public static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, Known> known = [];
    private Task<IReadOnlyList<SiloView>?>? asked;
    private long? askedAt;

    public static IReadOnlyList<string> Rules { get; } = [Clock, Silent, Storage];

    /// <summary>What is wrong, by silo; null until the first answer: then nothing is known of any silo, and nothing resolved.</summary>
    public IReadOnlyList<SiloTrouble>? Now { get; private set; }

    /// <summary>Somebody begins to watch: what was said before may be old.</summary>
    public void Begin()
    {
        (Now, asked, askedAt) = (null, null, null);
        foreach (var one in known.Values) (one.SilentAt, one.IsHeard) = (null, false);
    }

    /// <summary>Takes the last answer, and asks again when it is time.</summary>
    /// <param name="isOpen">Whether an alert of that is open: then it has lasted for long enough already, whoever watched before.</param>
    /// <returns><see cref="Now"/>.</returns>
    public IReadOnlyList<SiloTrouble>? Look(Func<SiloTrouble, bool> isOpen)
    {
        if (asked is null && (askedAt is not { } before || time.GetElapsedTime(before) >= Every)) (askedAt, asked) = (time.GetTimestamp(), AskAsync());
        if (asked is not { IsCompleted: true } answered) return Now;
        asked = null;
        if (answered.GetAwaiter().GetResult() is { } all) Now = Judge(all, isOpen);
        return Now;
    }

    private async Task<IReadOnlyList<SiloView>?> AskAsync()
    {
        try
        {
            return await silos(CancellationToken.None);
        }
        catch (Exception)
        {
            // Whatever the list fails with says nothing of any silo on it, and must not end the watch over devices: what was known goes on, and it is asked for again.
            return null;
        }
    }

    private List<SiloTrouble> Judge(IReadOnlyList<SiloView> all, Func<SiloTrouble, bool> isOpen)
    {
        foreach (var gone in known.Keys.Except(all.Select(silo => silo.Name)).ToList()) known.Remove(gone);
        var troubles = new List<SiloTrouble>();
        foreach (var silo in all)
        {
            var (clock, silent, storage) = (new SiloTrouble(Clock, silo.Name), new SiloTrouble(Silent, silo.Name), new SiloTrouble(Storage, silo.Name));
            // What a storage refused before this silo looked is nobody's trouble now, unless somebody has just told so.
            if (!known.TryGetValue(silo.Name, out var one)) known.Add(silo.Name, one = new(new(time)) { Errors = silo.StorageErrors });
            if (!one.IsHeard && one.Storage.Since is null && isOpen(storage)) one.Storage.GoOn();
            one.IsHeard = true;
            if (IsWrong(silo, isOpen(clock))) troubles.Add(clock);
            if (IsSilent(silo, one, isOpen(silent))) troubles.Add(silent);
            // A count begins anew with its silo.
            if (silo.StorageErrors > one.Errors) one.Storage.Failed();
            one.Errors = silo.StorageErrors;
            if (one.Storage.Since is not null) troubles.Add(storage);
        }
        return troubles;
    }

    /// <summary>Of an authority that came up anew nobody knows for some seconds how clocks stand.</summary>
    private static bool IsWrong(SiloView silo, bool before)
        => silo.SkewSeconds is { } off ? Math.Abs(off) > (before ? RightClock : WrongClock).TotalSeconds : before && silo.Health == "active";

    private bool IsSilent(SiloView silo, Known one, bool before)
    {
        if (silo.Health is not ("silent" or "dead"))
        {
            one.SilentAt = null;
            return false;
        }
        one.SilentAt ??= time.GetTimestamp();
        return before || time.GetElapsedTime(one.SilentAt.Value) >= SilentFor;
    }

    private sealed class Known(FailureRun storage)
    {
        public FailureRun Storage { get; } = storage;

        public long Errors { get; set; }

        /// <summary>By who watches now.</summary>
        public bool IsHeard { get; set; }

        /// <summary>Since when it has not reported without a break.</summary>
        public long? SilentAt { get; set; }
    }
}
