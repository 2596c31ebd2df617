using TrustMesh.Cli;

return await CommandLine.RunAsync(args, Surroundings.OfThisProcess());
