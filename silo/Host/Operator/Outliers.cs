using System.Data.Common;
using TrustMesh.Contracts;
using TrustMesh.Trust.Directory;
using TrustMesh.Trust.Measured;
using TrustMesh.Trust.Twins;
using TrustMesh.Verifier;
using TrustMesh.Wire;
using TrustMesh.Wire.Messages;

namespace TrustMesh.Host.Operator;

/// <summary>What devices report that differs from the reference values of their model, from the counts the silo keeps; only what is shown is read from twins.</summary>
internal sealed class Outliers(Silo silo)
{
    /// <summary>Values of one answer, and so twins that are read for it (attack A42).</summary>
    public const int Most = 50;

    /// <summary>Those that most devices have first. What the policy lets change is no outlier.</summary>
    public async Task<IReadOnlyList<OutlierView>> ListAsync(CancellationToken cancellation)
    {
        var policy = silo.Policies.InForce;
        var found = new List<(Outlier Outlier, AppraisalReference Reference)>();
        foreach (var reference in silo.References.All)
        {
            var accepted = reference.Values.Files.Where(file => !policy.LetsChange(file.Key)).Select(file => (file.Key, MeasuredKeys.Name(file.Key), Keys(file.Value)))
                .Concat(reference.Values.Registers.Select(register => ($"PCR {register.Key}", MeasuredKeys.Register(register.Key), Keys(register.Value))));
            found.AddRange(silo.Directory.Prevalence.Outliers(reference.Values.Model, accepted).Take(Most).Select(outlier => (outlier, reference)));
        }
        var views = new List<OutlierView>();
        foreach (var (outlier, reference) in found.OrderByDescending(one => one.Outlier.Share.Seen).Take(Most))
            if (await ViewAsync(outlier, reference, cancellation) is { } view) views.Add(view);
        return views;
    }

    private async Task<OutlierView?> ViewAsync(Outlier outlier, AppraisalReference reference, CancellationToken cancellation)
    {
        // Mostly the last that came to report it still does; else one is looked for among what is in memory.
        var state = await ReportingAsync(outlier, outlier.Last, cancellation);
        if (state is null && silo.Directory.Entries.FirstOrDefault(entry => Reports(entry, outlier)) is { } other) state = await ReportingAsync(outlier, other.Device, cancellation);
        if (state is null) return null;
        var digest = Reported(state, outlier)!.Value;
        int? pcr = MeasuredKeys.IsRegister(outlier.Key) ? (int)outlier.Key : null;
        var accepted = pcr is { } register ? reference.Values.Registers[register] : reference.Values.Files[outlier.Name];
        return new(
            outlier.Model, outlier.Name, DeviceView.Hex(digest), [.. accepted.Select(DeviceView.Hex)], outlier.Share.Seen ?? 0, outlier.Share.Of, outlier.Share.IsRare,
            silo.FirstSeen.Find(outlier.Model, outlier.Key, digest.Span), state.Enrolment.Device.Text, state.Enrolment.Name, pcr);
    }

    private static IReadOnlySet<ulong> Keys(IReadOnlyList<ReadOnlyMemory<byte>> digests) => digests.Select(digest => MeasuredKeys.Value(digest.Span)).ToHashSet();

    /// <summary>What the twin holds under the outlier's key; null if nothing.</summary>
    private static ReadOnlyMemory<byte>? Reported(TwinState state, Outlier outlier)
    {
        if (!MeasuredKeys.IsRegister(outlier.Key)) return state.Attester.Current.TryGetValue(outlier.Name, out var digest) ? digest : null;
        foreach (var (pcr, value) in state.Registers)
            if (MeasuredKeys.Register(pcr) == outlier.Key) return value;
        return null;
    }

    private async Task<TwinState?> ReportingAsync(Outlier outlier, DeviceId device, CancellationToken cancellation)
    {
        try
        {
            return await silo.Place.Twin(device).ReadAsync(cancellation) is { Standing: Standing.Active } state && state.Enrolment.Model == outlier.Model
                && Reported(state, outlier) is { } digest && MeasuredKeys.Value(digest.Span) == outlier.Value ? state : null;
        }
        catch (Exception failed) when (failed is UnreadableTwinException or StaleTwinException or IOException or DbException && !cancellation.IsCancellationRequested)
        {
            // One twin that cannot be read is left out (attack A43); the others are told all the same.
            silo.Log.RequestFailed(failed, "/api/v1/references/outliers", device.Text);
            return null;
        }
    }

    private static bool Reports(DeviceEntry entry, Outlier outlier)
    {
        if (entry.Standing != Standing.Active || entry.Model != outlier.Model) return false;
        var keys = entry.Measured.Span;
        for (var i = 0; i < MeasuredKeys.Count(keys); i++)
            if (MeasuredKeys.At(keys, i) == (outlier.Key, outlier.Value)) return true;
        return false;
    }
}
