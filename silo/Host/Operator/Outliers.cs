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
            var accepted = reference.Values.Files.Where(file => !policy.LetsChange(file.Key))
                .Select(file => (file.Key, (IReadOnlySet<ulong>)file.Value.Select(digest => MeasuredKeys.Value(digest.Span)).ToHashSet()));
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
        var digest = state.Attester.Current[outlier.Name];
        return new(
            outlier.Model, outlier.Name, DeviceView.Hex(digest), [.. reference.Values.Files[outlier.Name].Select(DeviceView.Hex)], outlier.Share.Seen ?? 0, outlier.Share.Of, outlier.Share.IsRare,
            silo.FirstSeen.Find(outlier.Model, outlier.Name, digest.Span), state.Enrolment.Device.Text, state.Enrolment.Name);
    }

    private async Task<TwinState?> ReportingAsync(Outlier outlier, DeviceId device, CancellationToken cancellation)
    {
        try
        {
            return await silo.Place.Twin(device).ReadAsync(cancellation) is { Standing: Standing.Active } state && state.Enrolment.Model == outlier.Model
                && state.Attester.Current.TryGetValue(outlier.Name, out var digest) && MeasuredKeys.Value(digest.Span) == outlier.Value ? state : null;
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
        var name = MeasuredKeys.Name(outlier.Name);
        for (var i = 0; i < MeasuredKeys.Count(keys); i++)
            if (MeasuredKeys.At(keys, i) == (name, outlier.Value)) return true;
        return false;
    }
}
