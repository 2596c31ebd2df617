using System.CommandLine;
using System.CommandLine.Parsing;

namespace TrustMesh.Cli;

/// <summary>Arguments and options that several commands take, with their checks.</summary>
internal static class Arguments
{
    public static Argument<string> Device() => new("DEVICE") { Description = "Id, unique prefix of it (6 characters or more), the 8 characters shown, or the name." };

    public static Option<string> Reason(bool required) => new("--reason") { Description = "Why; it stays on the device's timeline.", HelpName = "TEXT", Required = required };

    public static Option<TimeSpan> DurationOption(string name, string description, bool required)
        => new(name) { Description = description, HelpName = "T", Required = required, CustomParser = ParseDuration };

    /// <summary>A duration that may be left out.</summary>
    public static Option<TimeSpan?> OptionalDuration(string name, string description)
        => new(name) { Description = description, HelpName = "T", CustomParser = result => ParseDuration(result) };

    public static Option<FileInfo> ExistingFile(string name, string description, string help = "FILE")
        => new Option<FileInfo>(name) { Description = description, HelpName = help, Required = true }.AcceptExistingOnly();

    /// <summary>Reads a file whose size is bounded; larger ones are a mistake, not data.</summary>
    public static byte[] ReadBounded(FileInfo file, int cap)
    {
        if (file.Length > cap) throw new CommandFailure(ExitCode.Usage, $"{file.FullName} has {file.Length} bytes, more than the {cap} such a file can have.", "Check that it is the right file.");
        return File.ReadAllBytes(file.FullName);
    }

    private static TimeSpan ParseDuration(ArgumentResult result)
    {
        if (Duration.TryParse(result.Tokens[0].Value) is { } duration) return duration;
        result.AddError($"'{result.Tokens[0].Value}' is not a duration; write a number and s, m, h or d, such as 30m, 24h or 7d.");
        return default;
    }
}
