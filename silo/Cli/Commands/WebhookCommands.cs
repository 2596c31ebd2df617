using System.CommandLine;
using TrustMesh.Cli.Output;
using TrustMesh.Contracts;

namespace TrustMesh.Cli.Commands;

/// <summary><c>webhook</c>: where alerts are told, and what became of it.</summary>
internal static class WebhookCommands
{
    public static Command Build(Shell shell) => new("webhook", "Webhooks: where alerts are told, signed (Standard Webhooks).")
    {
        List(shell), Add(shell), Deliveries(shell), Test(shell), Resend(shell), Rotate(shell), Remove(shell),
    };

    private static Command List(Shell shell)
    {
        var command = new Command("list", "All webhooks, and how each is doing.");
        shell.OnApi(command, async (api, printer, _, ct) =>
        {
            var hooks = await api.WebhooksAsync(ct);
            if (printer.IsJson) printer.Json(hooks, ContractJson.Default.IReadOnlyListWebhookView);
            else
                printer.Table(["NAME", "URL", "SEVERITY", "WAITING", "LAST", "TRIED"],
                    hooks.Select(one => new[] { one.Name, one.Url, one.Severity, Shown.Number(one.Waiting), one.Last is { } last ? Outcome(last) : "-", Shown.Time(one.Last?.TriedAt) }));
        });
        return command;
    }

    private static Command Add(Shell shell)
    {
        var name = Name();
        var url = new Argument<string>("URL") { Description = "https; plain http only on loopback." };
        var severity = new Option<string>("--severity") { Description = "The least that is told (info: everything).", HelpName = "critical|warning|info", DefaultValueFactory = _ => "info" };
        severity.AcceptOnlyFromAmong("critical", "warning", "info");
        var command = new Command("add", "Make a webhook. Its secret is shown once, on standard output.") { name, url, severity };
        shell.OnApi(command, async (api, printer, parsed, ct) =>
        {
            var made = await api.AddWebhookAsync(new WebhookRequest(parsed.GetRequiredValue(name), parsed.GetRequiredValue(url), parsed.GetRequiredValue(severity)), ct);
            Show(printer, made, $"Give this to whoever checks the signatures; it is not shown again. Try it: trustmesh webhook test {made.Webhook.Name}");
        });
        return command;
    }

    private static Command Deliveries(Shell shell)
    {
        var name = Name();
        var command = new Command("deliveries", "The last 200 messages to a webhook, the newest first.") { name };
        shell.OnApi(command, async (api, printer, parsed, ct) =>
        {
            var deliveries = await api.DeliveriesAsync(parsed.GetRequiredValue(name), ct);
            if (printer.IsJson) printer.Json(deliveries, ContractJson.Default.IReadOnlyListWebhookDelivery);
            else
                printer.Table(["ID", "TYPE", "AT", "STATE", "OUTCOME", "TRIES", "MS", "NEXT"], deliveries.Select(one => new[]
                {
                    one.Id, one.Type, Shown.Time(one.At), one.State, Outcome(one), Shown.Number(one.Attempts), one.Milliseconds is { } took ? Shown.Number(took) : "-", Shown.Time(one.NextAt),
                }));
        });
        return command;
    }

    private static Command Test(Shell shell)
    {
        var name = Name();
        var command = new Command("test", "Send a message that says nothing but that it arrived.") { name };
        shell.OnApi(command, async (api, printer, parsed, ct) =>
        {
            await api.TestWebhookAsync(parsed.GetRequiredValue(name), ct);
            printer.Note($"On its way. See what came of it: trustmesh webhook deliveries {parsed.GetRequiredValue(name)}");
        });
        return command;
    }

    private static Command Resend(Shell shell)
    {
        var name = Name();
        var delivery = new Argument<string>("MESSAGE") { Description = "Its id, as in the deliveries." };
        var command = new Command("resend", "Send a message once more that ended, under the same id.") { name, delivery };
        shell.OnApi(command, async (api, printer, parsed, ct) =>
        {
            await api.ResendAsync(parsed.GetRequiredValue(name), parsed.GetRequiredValue(delivery), ct);
            printer.Note("On its way again.");
        });
        return command;
    }

    private static Command Rotate(Shell shell)
    {
        var name = Name();
        var command = new Command("rotate", "Another secret, shown once, on standard output; the one before signs too for 24 hours.") { name };
        shell.OnApi(command, async (api, printer, parsed, ct) => Show(printer, await api.RotateWebhookAsync(parsed.GetRequiredValue(name), ct), "Until then every message has two signatures, of both secrets."));
        return command;
    }

    private static Command Remove(Shell shell)
    {
        var name = Name();
        var command = new Command("remove", "Remove a webhook with what it was still to be told.") { name };
        shell.OnApi(command, async (api, printer, parsed, ct) =>
        {
            await api.RemoveWebhookAsync(parsed.GetRequiredValue(name), ct);
            printer.Note($"The webhook {parsed.GetRequiredValue(name)} is removed.");
        });
        return command;
    }

    private static void Show(Printer printer, WebhookSecret made, string note)
    {
        if (printer.IsJson) printer.Json(made, ContractJson.Default.WebhookSecret);
        else printer.Line(made.Secret);
        printer.Note(note);
    }

    /// <summary>In a word or two.</summary>
    private static string Outcome(WebhookDelivery delivery) => delivery switch
    {
        { Attempts: 0 } => "-",
        { Error: null, Status: { } status } => $"{status}",
        { Status: { } status } => $"{delivery.Error} {status}",
        _ => delivery.Error ?? "-",
    };

    private static Argument<string> Name() => new("NAME") { Description = "Of the webhook: 1 to 63 of a-z, 0-9, '.' and '-'." };
}
