using System.CommandLine;
using TrustMesh.Cli.Api;
using TrustMesh.Cli.Output;
using TrustMesh.Contracts;

namespace TrustMesh.Cli.Commands;

/// <summary><c>device revoke</c>: one device, or all that a query finds as one act, with what it costs the others told first.</summary>
internal static class RevokeCommand
{
    public static Command Build(Shell shell)
    {
        var device = Arguments.Device();
        device.Arity = ArgumentArity.ZeroOrOne;
        var query = new Option<string?>("--query", "-q") { Description = $"All devices that it finds, as one act, such as '{DeviceCommands.Example}'; at most 1000.", HelpName = "QUERY" };
        var reason = Arguments.Reason(required: false);
        var dryRun = new Option<bool>("--dry-run") { Description = "Only say what it would do: whom it takes out, and who loses examiners." };
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask; needed with --query where nobody is at a terminal." };
        var command = new Command("revoke", "Never trust this device again, or all that a query finds. Final. Where the mesh wants a second person for many, it waits for one.") { device, query, reason, dryRun, yes };
        command.Validators.Add(result =>
        {
            if (result.GetValue(device) is null == result.GetValue(query) is null) result.AddError("Name a device or give --query, one of the two.");
            else if (string.IsNullOrWhiteSpace(result.GetValue(reason)) && !result.GetValue(dryRun)) result.AddError("Option '--reason' is required: it stays on the timeline of every device.");
        });
        shell.OnApi(command, async (api, printer, parsed, ct) =>
        {
            var (one, many, why) = (parsed.GetValue(device), parsed.GetValue(query), parsed.GetValue(reason));
            if (parsed.GetValue(dryRun)) Show(printer, await PlanAsync(api, one, many, ct));
            else if (many is null) await OneAsync(api, printer, one!, why!, ct);
            else await ManyAsync(shell, api, printer, many, why!, parsed.GetValue(yes), ct);
        });
        return command;
    }

    private static Task<RevocationPlan> PlanAsync(SiloApi api, string? device, string? query, CancellationToken ct)
        => api.PlanRevocationAsync(device is null ? new(query) : new(null, [device]), ct);

    private static async Task OneAsync(SiloApi api, Printer printer, string device, string reason, CancellationToken ct)
    {
        var summary = await api.DecideAsync(device, "revoke", new Decision(reason), ct);
        if (printer.IsJson) printer.Json(summary, ContractJson.Default.DeviceSummary);
        printer.Note($"{summary.Name} ({Shown.ShortId(summary.Id)}) is {summary.Standing} and looks {summary.Look}.");
    }

    private static async Task ManyAsync(Shell shell, SiloApi api, Printer printer, string query, string reason, bool yes, CancellationToken ct)
    {
        var plan = await PlanAsync(api, null, query, ct);
        if (!printer.IsJson) Show(printer, plan);
        if (!plan.Yours) throw new CommandFailure(ExitCode.Denied, $"None of these devices is yours to revoke: it needs {plan.Beyond[0].Missing}.", "Ask an admin.");
        if (plan.Devices.Count == 0) throw new CommandFailure(ExitCode.NotFound, $"The query finds no device that could be revoked; {plan.Already} are revoked already.", "");
        var many = plan.Devices.Count == 1 ? plan.Devices[0].Name : $"{plan.Devices.Count} devices";
        Confirmation.Ask(shell.Surroundings, printer, yes, Confirmation.Of([.. plan.Devices.Select(device => device.Name)]),
            plan.SecondPerson is null ? $"revoke {many} for good" : $"ask a second person to revoke {many} for good");
        // A name of its own: if the answer is lost, it is looked up under it.
        var order = new RevocationOrder(plan.Digest, [.. plan.Devices.Select(device => new PlanTarget(device.Id, device.Mark))], reason, $"cli-{Guid.NewGuid():n}");
        try
        {
            Told(printer, await api.RevokeAsync(order, ct));
        }
        catch (CommandFailure lost) when (lost.Code == ExitCode.Timeout)
        {
            throw new CommandFailure(ExitCode.Timeout, lost.Problem, $"It may be done all the same. See: trustmesh revocation requests {order.Request}", lost);
        }
    }

    private static void Show(Printer printer, RevocationPlan plan)
    {
        if (printer.IsJson) printer.Json(plan, ContractJson.Default.RevocationPlan);
        else RevocationPrint.Plan(printer, plan);
    }

    /// <summary>Prints what became of it; throws where something is left to do.</summary>
    internal static void Told(Printer printer, RevocationAct act)
    {
        var request = act.Request;
        if (printer.IsJson) printer.Json(act, ContractJson.Default.RevocationAct);
        else RevocationPrint.Act(printer, act);
        if (request.State == "waiting")
        {
            printer.Note($"Request {request.Id} waits for a second person until {Shown.Time(request.ExpiresAt)}, who runs: trustmesh revocation approve {request.Id}");
            return;
        }
        if (request.State is "rejected" or "expired") return;
        printer.Note($"{request.Revoked} of {request.Devices} revoked, by status list {act.Serial}. Follow it: trustmesh revocation propagation");
        if (request.Failed > 0) throw new CommandFailure(ExitCode.Failure, $"{request.Failed} could not be reached.", "Run it again.");
        if (act.Devices.Any(device => device.Outcome is "changed" or "refused")) throw new CommandFailure(ExitCode.Conflict, "Some are not what they were when this was planned, and are left as they are.", "Look at them and repeat it.");
    }
}
