// The local ActivitySmith for tests, as a process of its own: no account, phone or network. The kit itself never uses
// it.

#if os(Linux) || os(macOS)
    import ActivitySmithKit
    import Foundation

    /// A local ActivitySmith on a free port; it stops with ``stop()``, or when the program that started it ends.
    ///
    /// ```swift
    /// let emulator = try await EmulatorProcess.start()
    /// let account = emulator.account()
    /// try await runJob(with: account.client())
    /// #expect(try await account.stream("nightly-backup")["content_state"]?["percentage"] == 100)
    /// ```
    ///
    /// It is the program `asmith`: the one that the variable `ASMITH_BIN` names, or the one on the `PATH`.
    public final class EmulatorProcess: Sendable {
        /// Where its API is.
        public let baseURL: String
        private let port: UInt16
        private let process: Process

        private init(process: Process, baseURL: String, port: UInt16) {
            self.process = process
            self.baseURL = baseURL
            self.port = port
        }

        /// Starts one and waits until it listens.
        ///
        /// - Parameters:
        ///   - program: The program `asmith`, where it is neither in the variable `ASMITH_BIN` nor on the `PATH`.
        ///   - arguments: Those of `asmith emulate`, for example `["--limits", "none"]`.
        ///   - timeout: How long it may take until it listens: a day at most.
        /// - Throws: ``EmulatorError``, or Foundation's error where the program cannot be run.
        public static func start(
            program: String? = nil, arguments: [String] = [], timeout: Duration = .seconds(30)
        ) async throws -> EmulatorProcess {
            let (process, pipe) = (Process(), Pipe())
            process.executableURL = try URL(fileURLWithPath: program ?? find())
            process.arguments = ["--quiet", "emulate", "--exit-with-parent", "--port", "0"] + arguments
            process.standardInput = FileHandle.nullDevice
            process.standardOutput = pipe
            try process.run()
            // Its output ends with it, so nobody waits for a greeting any longer.
            let alarm = Task {
                // One of more nanoseconds than 64 bits count would stop the program.
                try await Task.sleep(for: min(max(timeout, .zero), .seconds(86_400)))
                end(process)
            }
            let greeting = await firstLine(of: pipe.fileHandleForReading)
            alarm.cancel()
            let beginning = "listening on "
            guard greeting.hasPrefix(beginning), let url = URL(string: String(greeting.dropFirst(beginning.count))),
                let port = url.port.flatMap(UInt16.init(exactly:))
            else {
                end(process)
                throw EmulatorError(
                    description: "asmith emulate did not say where it listens, but: \(greeting.debugDescription)")
            }
            return EmulatorProcess(process: process, baseURL: url.absoluteString, port: port)
        }

        /// Stops it, and waits until it has ended. Once more does nothing.
        public func stop() {
            Self.end(process)
        }

        /// A new account: nobody else sees its streams, and its limits are its own.
        public func account() -> Account {
            Account(emulator: self, apiKey: "ask_test_" + UUID().uuidString.filter { $0 != "-" }.lowercased())
        }

        /// One account of an emulator.
        public struct Account: Sendable {
            /// The emulator that has it.
            public let emulator: EmulatorProcess
            /// The account's key.
            public let apiKey: String

            /// The variables by which a program finds this account.
            public var environment: [String: String] {
                ["ACTIVITYSMITH_BASE_URL": emulator.baseURL, "ACTIVITYSMITH_API_KEY": apiKey]
            }

            /// A client of this account.
            ///
            /// - Parameters:
            ///   - timeout: As for ``ActivitySmithKit/ActivitySmith``.
            ///   - maxRetries: As for ``ActivitySmithKit/ActivitySmith``.
            /// - Throws: ``ActivitySmithKit/ActivitySmithError`` for a setting that cannot be.
            public func client(
                timeout: Duration? = nil, maxRetries: Int? = nil
            ) throws(ActivitySmithError) -> ActivitySmith {
                try ActivitySmith(apiKey: apiKey, baseURL: emulator.baseURL, timeout: timeout, maxRetries: maxRetries)
            }

            /// What the service knows of a stream; `content_state` is what the phone shows.
            ///
            /// - Parameter streamKey: The stream's key.
            /// - Throws: ``EmulatorError`` where there is no such stream.
            public func stream(_ streamKey: String) async throws -> LiveActivity.JSON {
                try await emulator.ask("/streams/\(streamKey)", apiKey: apiKey)
            }

            /// The requests that the account has made, oldest first: those among the newest 1,000 of all accounts.
            ///
            /// - Throws: ``EmulatorError`` where the emulator does not answer.
            public func requests() async throws -> [LiveActivity.JSON] {
                guard case .array(let requests) = try await emulator.ask("/requests", apiKey: apiKey)["requests"] else {
                    throw EmulatorError(description: "the emulator has no list of requests")
                }
                return requests
            }
        }

        /// Asks one of the emulator's own endpoints.
        private func ask(_ path: String, apiKey: String) async throws -> LiveActivity.JSON {
            let path = "/_emulator\(path)".addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? ""
            let (status, body) = try await LoopbackRequest(port: port, path: path, apiKey: apiKey).send()
            let json = try JSONDecoder().decode(LiveActivity.JSON.self, from: body)
            guard status == 200 else {
                throw EmulatorError(description: "the emulator has no \(path): \(json)")
            }
            return json
        }

        private static func end(_ process: Process) {
            // Started from a task's thread, it has inherited that all gentler signals are blocked.
            if process.isRunning { kill(process.processIdentifier, SIGKILL) }
            process.waitUntilExit()
        }

        private static func find() throws -> String {
            let environment = ProcessInfo.processInfo.environment
            if let program = environment["ASMITH_BIN"] { return program }
            let folders = (environment["PATH"] ?? "").split(separator: ":")
            let programs = folders.map { "\($0)/asmith" }
            guard let program = programs.first(where: FileManager.default.isExecutableFile(atPath:)) else {
                throw EmulatorError(
                    description: "asmith is not on the PATH; put it there, or name it in the variable ASMITH_BIN")
            }
            return program
        }

        /// Reads on a thread of its own, since reading blocks.
        private static func firstLine(of output: FileHandle) async -> String {
            await withCheckedContinuation { continuation in
                Thread.detachNewThread {
                    var line = Data()
                    while let byte = try? output.read(upToCount: 1), !byte.isEmpty, byte != Data("\n".utf8) {
                        line += byte
                    }
                    continuation.resume(returning: String(decoding: line, as: UTF8.self))
                }
            }
        }
    }

    /// Why the emulator did not start, or had no answer.
    public struct EmulatorError: LocalizedError, CustomStringConvertible {
        /// In words.
        public let description: String
        /// The same, as `localizedDescription` has it.
        public var errorDescription: String? { description }
    }
#endif
