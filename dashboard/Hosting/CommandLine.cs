namespace TrustMesh.Dashboard.Hosting;

/// <summary>The process: reads the arguments, serves until it is told to end. Exit codes: 0 ended, 1 could not start, 2 usage.</summary>
public static class CommandLine
{
    public static async Task<int> RunAsync(IReadOnlyList<string> args, TextWriter output, TextWriter error)
    {
        if (args.Contains("--help") || args.Contains("-h"))
        {
            await output.WriteAsync(DashboardSettings.Help);
            return 0;
        }
        DashboardSettings settings;
        try
        {
            settings = DashboardSettings.Parse(args);
        }
        catch (SettingsException problem)
        {
            await error.WriteLineAsync(problem.Message);
            return 2;
        }
        try
        {
            await using var app = DashboardApp.Create(settings);
            await app.StartAsync();
            ReadyFile.Write(settings.ReadyFile, app.Urls.First());
            await app.WaitForShutdownAsync();
            return 0;
        }
        catch (IOException problem)
        {
            await error.WriteLineAsync($"The dashboard cannot start: {problem.Message} Choose another address with --listen, or a writable --state.");
            return 1;
        }
    }
}
