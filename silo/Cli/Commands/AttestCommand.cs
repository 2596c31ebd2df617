using System.CommandLine;
using TrustMesh.Cli.Api;
using TrustMesh.Cli.Output;
using TrustMesh.Contracts;

namespace TrustMesh.Cli.Commands;

/// <summary><c>device attest</c>: has a device prove itself now, and waits for what it proves.</summary>
internal static class AttestCommand
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250), Enough = TimeSpan.FromSeconds(30);

    public static Command Build(Shell shell)
    {
        var device = Arguments.Device();
        var wait = new Option<bool>("--wait") { Description = "Until it has: ends with 6 if what it proves is not trusted, or refused, and with 7 if nothing comes." };
        var timeout = Arguments.OptionalDuration("--timeout", "How long to wait for it (30s).");
        var command = new Command("attest", "Ask a device to prove itself now, instead of when its next proof is due. Ends with 5 if it is not connected.") { device, wait, timeout };
        command.Validators.Add(result =>
        {
            if (result.GetValue(timeout) is not null && !result.GetValue(wait)) result.AddError("--timeout says how long --wait waits; give that too.");
        });
        shell.OnApi(command, async (api, printer, parsed, ct) =>
        {
            var before = await api.DeviceAsync(parsed.GetRequiredValue(device), ct);
            var (name, id) = (before.Device.Name, Shown.ShortId(before.Device.Id));
            await api.AttestAsync(before.Device.Id, ct);
            if (!parsed.GetValue(wait))
            {
                printer.Note($"{name} was asked to prove itself; see: trustmesh device show {id}");
                return;
            }
            var after = await ProvenAsync(api, before, parsed.GetValue(timeout) ?? Enough, shell.Surroundings.Time, ct);
            if (printer.IsJson) printer.Json(after.Device, ContractJson.Default.DeviceSummary);
            else printer.Facts([("device", name), ("status", after.Device.Status), ("looks", after.Device.Look), ("tier", after.Device.Tier), ("proven", Shown.Time(after.Device.ProvenAt)), ("counts until", Shown.Time(after.Device.ExpiresAt))]);
            if (after.Device.Status is not ("affirming" or "warning"))
                throw new CommandFailure(ExitCode.NotTrusted, $"{name} proved itself, and is {after.Device.Status}.", $"Why: trustmesh device show {id}");
        });
        return command;
    }

    /// <summary>The device with a proof that is another than before.</summary>
    private static async Task<DeviceDetail> ProvenAsync(SiloApi api, DeviceDetail before, TimeSpan longest, TimeProvider time, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(longest, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ct);
        try
        {
            while (true)
            {
                var now = await api.DeviceAsync(before.Device.Id, both.Token);
                if (now.Device.ProvenAt != before.Device.ProvenAt) return now;
                if (Refusal(now) is { } refused && refused.At != Refusal(before)?.At)
                    throw new CommandFailure(ExitCode.NotTrusted, $"{before.Device.Name} was asked, and what it sent was refused: {refused.Text}.", $"See: trustmesh device show {Shown.ShortId(before.Device.Id)}");
                await Task.Delay(Look, time, both.Token);
            }
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new CommandFailure(ExitCode.Timeout, $"{before.Device.Name} was asked and has not proven itself within {longest.TotalSeconds:0} s.",
                "An agent of an earlier version proves itself when its next proof is due.");
        }
    }

    /// <summary>The last time that something it sent was refused; what another machine with its identity sends is an alarm.</summary>
    private static TrustEvent? Refusal(DeviceDetail device) => device.Timeline.Where(line => line is { Kind: "refused" or "alarm", Actor: "device" }).MaxBy(line => line.At);
}
